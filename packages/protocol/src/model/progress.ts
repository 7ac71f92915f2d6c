/** Progress of a request and its cancellation (DIGEST 2.6, 3.12). */

import { since, type Static, Type } from '../type.ts'
import { ProgressToken, RequestId } from './id.ts'
import { noticeMeta } from './request.ts'

export const ProgressNotificationParams = Type.Object({
  _meta: noticeMeta,
  progressToken: ProgressToken,
  progress: Type.Number(),
  total: Type.Optional(Type.Number()),
  message: since('2025-03-26', Type.Optional(Type.String())),
})
/** How far a request is; `progress` only ever grows. */
export interface ProgressNotificationParams extends Static<typeof ProgressNotificationParams> {}

export const CancelledNotificationParams = Type.Object({
  _meta: noticeMeta,
  requestId: Type.Optional(RequestId),
  reason: Type.Optional(Type.String()),
})
/** Withdraws a request. Only 2025-11-25 lets `requestId` be absent, for tasks. */
export interface CancelledNotificationParams extends Static<typeof CancelledNotificationParams> {}
