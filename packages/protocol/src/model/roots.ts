/** Roots: the folders a client lets a server work in (DIGEST 2.8). */

import { named, since, type Static, Type, until } from '../type.ts'
import { Meta } from './meta.ts'
import { requestMeta } from './request.ts'
import { answerMeta } from './result.ts'

export const Root = Type.Object({
  uri: Type.String(),
  name: Type.Optional(Type.String()),
  _meta: since('2025-06-18', Type.Optional(named<Meta>(Meta))),
})
/** A folder by its `file:` URI. */
export interface Root extends Static<typeof Root> {}

export const ListRootsRequestParams = Type.Object({ _meta: requestMeta })
/** Asks for the roots. */
export interface ListRootsRequestParams extends Static<typeof ListRootsRequestParams> {}

export const ListRootsResult = Type.Object({ _meta: until('2026-07-28', answerMeta), roots: Type.Array(named<Root>(Root)) })
/** The roots, in the client's order. */
export interface ListRootsResult extends Static<typeof ListRootsResult> {}
