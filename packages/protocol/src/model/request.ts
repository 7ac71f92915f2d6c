/** Params that carry nothing but `_meta`, or a cursor. */

import { named, type Static, Type } from '../type.ts'
import { NoticeMeta, RequestMeta } from './meta.ts'

/** The `_meta` field of a request's params. Required on the wire from 2026-07-28 on, where the envelope is added to it. */
export const requestMeta = Type.Optional(named<RequestMeta>(RequestMeta))

/** The `_meta` field of a notice's params. */
export const noticeMeta = Type.Optional(named<NoticeMeta>(NoticeMeta))

export const RequestParams = Type.Object({ _meta: requestMeta })
/** Params of a request that has no words of its own: `ping`, `server/discover`. */
export interface RequestParams extends Static<typeof RequestParams> {}

export const NotificationParams = Type.Object({ _meta: noticeMeta })
/** Params of a notice that has no words of its own. */
export interface NotificationParams extends Static<typeof NotificationParams> {}

export const PaginatedRequestParams = Type.Object({ _meta: requestMeta, cursor: Type.Optional(Type.String()) })
/** Params of a request for a list. `cursor` is the `nextCursor` of the page before; it is opaque (DIGEST 2.6). */
export interface PaginatedRequestParams extends Static<typeof PaginatedRequestParams> {}
