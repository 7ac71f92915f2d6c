/** Notifications that read alike in both conversations: log messages and news of changes. */

import { isObject, type LoggingLevel, type NoticeMessage } from '@oarlock/protocol'
import { announce, type Events } from '../events.ts'
import type { News } from '../subscription.ts'

/** The news in a notification, if that is what it is. */
export function newsOf({ method, params }: NoticeMessage): News | undefined {
  switch (method) {
    case 'notifications/tools/list_changed':
      return { kind: 'tools' }
    case 'notifications/prompts/list_changed':
      return { kind: 'prompts' }
    case 'notifications/resources/list_changed':
      return { kind: 'resourceList' }
    case 'notifications/resources/updated':
      return typeof params?.['uri'] === 'string' ? { kind: 'resource', uri: params['uri'] } : undefined
    default:
      return undefined
  }
}

/** Tells the client's listeners. */
export function announceNews(events: Events, news: News): void {
  switch (news.kind) {
    case 'tools':
      return announce(events, 'tools.changed')
    case 'prompts':
      return announce(events, 'prompts.changed')
    case 'resourceList':
      return announce(events, 'resources.changed')
    case 'resource':
      return announce(events, 'resource.updated', { uri: news.uri })
  }
}

/** Tells listeners of a log message, or of a notification that has no meaning here. */
export function announceOther(events: Events, { method, params }: NoticeMessage): void {
  if (method !== 'notifications/message' || !isObject(params)) return announce(events, 'notice.received', { method, params })
  const logger = typeof params['logger'] === 'string' ? params['logger'] : undefined
  announce(events, 'log.received', { level: params['level'] as LoggingLevel, logger, data: params['data'] })
}
