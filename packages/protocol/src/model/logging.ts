/** Log messages from server to client, and how a client in a session asks for them (DIGEST 2.6, 3.12). */

import { type Static, Type } from '../type.ts'
import { LoggingLevel } from './log.ts'
import { noticeMeta, requestMeta } from './request.ts'

export const SetLevelRequestParams = Type.Object({ _meta: requestMeta, level: LoggingLevel })
/** Asks for messages of this level and above. From 2026-07-28 on the level rides in each request's `_meta` instead. */
export interface SetLevelRequestParams extends Static<typeof SetLevelRequestParams> {}

export const LoggingMessageNotificationParams = Type.Object({
  _meta: noticeMeta,
  level: LoggingLevel,
  logger: Type.Optional(Type.String()),
  data: Type.Unknown(),
})
/** One log message: `data` is any JSON. */
export interface LoggingMessageNotificationParams extends Static<typeof LoggingMessageNotificationParams> {}
