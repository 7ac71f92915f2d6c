/** The door of @oarlock/protocol: the words and shapes of MCP, in every revision. */

export { Cancellation } from './cancellation.ts'
export {
  classify,
  classifyBatch,
  NAME_PARAMS,
  unsupportedVersion,
  type IgnoreVerdict,
  type NameParams,
  type RefuseVerdict,
  type SessionVerdict,
  type StatelessVerdict,
  type Verdict,
} from './classify.ts'
export { claimsEnvelope, isInfo, META, readEnvelope, type Envelope } from './envelope.ts'
export type { Exchange, Running } from './exchange.ts'
export { Fault, FAULTS, numbersOf, type FaultName, type FaultOptions } from './fault.ts'
export { bareHead, type Head, type HeaderView } from './head.ts'
export { excerpt, isObject, type JsonObject, type JsonValue } from './json.ts'
export type { Connector, Frame, Link, Receiver } from './link.ts'
export { Cancelled, ConnectionClosed, LocalError, TimedOut, Unsupported, type LocalCode } from './local-error.ts'
export {
  encodeError,
  encodeFault,
  encodeNotice,
  encodeRequest,
  encodeResult,
  isId,
  MESSAGE_LIMITS,
  parse,
  read,
  type BatchMessage,
  type ErrorObject,
  type Incoming,
  type InvalidMessage,
  type Message,
  type MessageLimits,
  type NoticeMessage,
  type ReplyMessage,
  type RequestId,
  type RequestMessage,
} from './message.ts'
export { principalKey, type Peer, type Principal } from './peer.ts'
export type { Bus } from './port/bus.ts'
export { systemClock, type Clock } from './port/clock.ts'
export type { EventLog, LoggedEvent, Replay, StreamKey } from './port/event-log.ts'
export type { SessionRecord, SessionStore } from './port/session-store.ts'
export {
  atLeast,
  conversationOf,
  FIRST_STATELESS,
  isRevision,
  NEWEST,
  NEWEST_SESSION,
  REVISIONS,
  SESSION_REVISIONS,
  STATELESS_REVISIONS,
  within,
  type Conversation,
  type Revision,
} from './revision.ts'
export type { Listener, ServerReceiver, Service, Transport } from './service.ts'
