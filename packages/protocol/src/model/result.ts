/** What results have in common: `_meta`, and the words that 2026-07-28 stamps on them (DIGEST 3.3, 3.11). */

import { named, since, type Static, Type } from '../type.ts'
import { Meta, ResultMeta } from './meta.ts'

/** Fields of every result of a server. `resultType` is stamped by the server's edge; handlers never set it. */
export const resultFields = {
  _meta: Type.Optional(named<ResultMeta>(ResultMeta)),
  resultType: since('2026-07-28', Type.Optional(Type.String())),
}

/** Fields of every result that may be kept: lists, what was read, what was discovered. */
export const cacheFields = {
  ttlMs: since('2026-07-28', Type.Optional(Type.Integer({ minimum: 0 }))),
  cacheScope: since('2026-07-28', Type.Optional(Type.Enum(['public', 'private']))),
}

/** Fields of every page of a list. */
export const pageFields = { ...resultFields, ...cacheFields, nextCursor: Type.Optional(Type.String()) }

/** The `_meta` field of an answer that a client gives to a server. */
export const answerMeta = Type.Optional(named<Meta>(Meta))

export const EmptyResult = Type.Object(resultFields)
/** The answer that has nothing to say: to `ping`, `logging/setLevel`, `resources/subscribe`. */
export interface EmptyResult extends Static<typeof EmptyResult> {}
