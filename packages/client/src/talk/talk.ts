/** The conversation port: how one connection speaks. There are two, one for each way MCP has of conversing; nothing above tells them apart. */

import type { ClientCapabilities, Conversation, JsonObject, LoggingLevel, NoticeMessage, RequestMessage, Revision } from '@oarlock/protocol'
import type { RequestOptions } from '../options.ts'
import type { Pending } from '../pending.ts'
import type { ServerDescription } from '../server.ts'
import type { ListenFilter, NewsSink } from '../subscription.ts'

/** One conversation on one connection. */
export interface Talk {
  readonly conversation: Conversation
  /** The revision that is spoken. */
  readonly revision: Revision
  /** Unknown until the server was asked, where nothing makes the client ask. */
  readonly server: ServerDescription | undefined
  /** Whether arrays of messages may arrive. */
  readonly batches: boolean
  /** Sends a request and follows it to its complete result: answers what the server asks on the way. */
  request(method: string, params: JsonObject | undefined, options: RequestOptions): Promise<JsonObject>
  /** Sends a notification. */
  notify(method: string, params?: JsonObject): void
  /** A notification arrived. */
  notice(message: NoticeMessage): void
  /** A request of the server arrived. */
  question(message: RequestMessage): void
  /** A request was given up: tells the server. */
  abandoned(pending: Pending, cause: Error): void
  /** Opens a subscription and feeds it until it is closed. Failures end the subscription; nothing is thrown. */
  listen(filter: ListenFilter, subscription: NewsSink, options: RequestOptions): void
  /** Asks the server to describe itself. */
  discover(options: RequestOptions): Promise<ServerDescription>
  /** Finds out whether the server is there. */
  ping(options: RequestOptions): Promise<void>
  /** Asks for log messages of this level and above. */
  setLogLevel(level: LoggingLevel, options: RequestOptions): Promise<void>
  /** The roots changed. */
  rootsChanged(): void
  /** Declares these capabilities from now on. Returns what cannot be declared any more; then nothing changed. */
  declare(capabilities: ClientCapabilities): readonly string[]
  /** The connection ended. */
  closed(): void
}
