/** `_meta`: the open object beside everything, and the keys in it that the protocol reserves. */

import { named, since, type Static, Type } from '../type.ts'
import { ClientCapabilities } from './capability.ts'
import { ProgressToken, RequestId } from './id.ts'
import { Implementation } from './implementation.ts'
import { LoggingLevel } from './log.ts'

export const Meta = Type.Object({})
/** Metadata under names of any owner. Foreign keys pass through untouched (DIGEST S-MSG-22). */
export interface Meta {
  readonly [key: string]: unknown
}

export const RequestMeta = Type.Object({
  progressToken: Type.Optional(ProgressToken),
  'io.modelcontextprotocol/protocolVersion': since('2026-07-28', Type.Optional(Type.String())),
  'io.modelcontextprotocol/clientCapabilities': since('2026-07-28', Type.Optional(named<ClientCapabilities>(ClientCapabilities))),
  'io.modelcontextprotocol/clientInfo': since('2026-07-28', Type.Optional(named<Implementation>(Implementation))),
  'io.modelcontextprotocol/logLevel': since('2026-07-28', Type.Optional(LoggingLevel)),
})
/** `_meta` of a request. From 2026-07-28 on it carries the envelope (DIGEST 3.2). */
export interface RequestMeta extends Static<typeof RequestMeta> {
  readonly [key: string]: unknown
}

export const NoticeMeta = Type.Object({
  'io.modelcontextprotocol/subscriptionId': since('2026-07-28', Type.Optional(RequestId)),
})
/** `_meta` of a notice. On a listen stream it names the subscription (DIGEST 3.10). */
export interface NoticeMeta extends Static<typeof NoticeMeta> {
  readonly [key: string]: unknown
}

const serverInfo = since('2026-07-28', Type.Optional(named<Implementation>(Implementation)))

export const ResultMeta = Type.Object({ 'io.modelcontextprotocol/serverInfo': serverInfo })
/** `_meta` of a server's result. */
export interface ResultMeta extends Static<typeof ResultMeta> {
  readonly [key: string]: unknown
}

export const SubscriptionsListenResultMeta = Type.Object({
  'io.modelcontextprotocol/serverInfo': serverInfo,
  'io.modelcontextprotocol/subscriptionId': Type.Optional(RequestId),
})
/** `_meta` of the last message of a subscription. */
export interface SubscriptionsListenResultMeta extends Static<typeof SubscriptionsListenResultMeta> {
  readonly [key: string]: unknown
}
