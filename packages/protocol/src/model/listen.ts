/** Subscriptions as a request that stays open (DIGEST 3.10). */

import { named, type Static, Type } from '../type.ts'
import { SubscriptionsListenResultMeta } from './meta.ts'
import { noticeMeta, requestMeta } from './request.ts'
import { resultFields } from './result.ts'

const wanted = Type.Optional(Type.Boolean())

export const SubscriptionFilter = Type.Object({
  toolsListChanged: wanted,
  promptsListChanged: wanted,
  resourcesListChanged: wanted,
  resourceSubscriptions: Type.Optional(Type.Array(Type.String())),
})
/** Which news a subscription is for. */
export interface SubscriptionFilter extends Static<typeof SubscriptionFilter> {}

export const SubscriptionsListenRequestParams = Type.Object({
  _meta: requestMeta,
  notifications: named<SubscriptionFilter>(SubscriptionFilter),
})
/** Opens a subscription. */
export interface SubscriptionsListenRequestParams extends Static<typeof SubscriptionsListenRequestParams> {}

export const SubscriptionsAcknowledgedNotificationParams = Type.Object({
  _meta: noticeMeta,
  notifications: named<SubscriptionFilter>(SubscriptionFilter),
})
/** The first message of a subscription: the part of the filter that is honoured. */
export interface SubscriptionsAcknowledgedNotificationParams extends Static<typeof SubscriptionsAcknowledgedNotificationParams> {}

export const SubscriptionsListenResult = Type.Object({
  ...resultFields,
  _meta: Type.Optional(named<SubscriptionsListenResultMeta>(SubscriptionsListenResultMeta)),
})
/** The last message of a subscription that the server ended; its `_meta` names the subscription. */
export interface SubscriptionsListenResult extends Static<typeof SubscriptionsListenResult> {}
