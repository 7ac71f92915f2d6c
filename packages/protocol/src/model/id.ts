/** The tokens that tie messages together: the id of a request, the token of its progress, a place in a list. */

import { Type } from '../type.ts'

/** The id of a request: a string or an integer, never null. */
export const RequestId = Type.Union([Type.String(), Type.Integer()])

/** Names a request in the progress notices about it. Chosen by the requester, unique among its open requests. */
export const ProgressToken = Type.Union([Type.String(), Type.Integer()])
/** Names a request in the progress notices about it. */
export type ProgressToken = string | number
