/** The door of @oarlock/protocol: the words and shapes of MCP, in every revision. */

export { Anonymous, unauthenticated } from './anonymous.ts'
export { apiKeys, hashApiKey, type ApiKeyOptions, type ApiKeyRecord, type ApiKeyStore } from './api-keys.ts'
export { checkAuthenticate, type Authenticate, type AuthVerdict } from './authenticate.ts'
export { bearer, type BearerOptions, type VerifyToken } from './bearer.ts'
export { challenge, challengeOf, type Challenge, type ChallengeParams } from './challenge.ts'
export { eitherOf } from './either-of.ts'
export { holdsSeveral, ONE_CREDENTIAL } from './credentials.ts'
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
export { HOST_GATE_OPTIONS, HostGate, hostsServedBy, type HostGateOptions } from './gate.ts'
export { bareHead, type Head, type HeaderView } from './head.ts'
export { excerpt, isObject, type JsonObject, type JsonValue } from './json.ts'
export type { Connector, Frame, Link, Receiver } from './link.ts'
export { Cancelled, ConnectionClosed, LocalError, TimedOut, Unsupported, type LocalCode } from './local-error.ts'
export { memoryConnector, type MemoryOptions } from './memory.ts'
export {
  encodeError,
  encodeFault,
  encodeNotice,
  encodeRequest,
  encodeResult,
  isId,
  MAX_ID_LENGTH,
  MESSAGE_LIMITS,
  parse,
  read,
  type BatchMessage,
  type ErrorObject,
  type Incoming,
  type InvalidMessage,
  type Message,
  MESSAGE_LIMIT_OPTIONS,
  type MessageLimits,
  type NoticeMessage,
  type ReplyMessage,
  type RequestId,
  type RequestMessage,
} from './message.ts'
export { principalKey, type Peer, type Principal } from './peer.ts'
export { Ready, type Spliced, spliceResult, textOf } from './ready.ts'
export { Queue, type Queued } from './queue.ts'
export { callerOf, Quota, type Lack, type QuotaBounds } from './quota.ts'
export type { AuthorizedRequest, AuthorizedResponse, Authorizer } from './port/authorizer.ts'
export type { Bus } from './port/bus.ts'
export { fakeClock, type FakeClock } from './port/fake-clock.ts'
export { systemClock, type Clock } from './port/clock.ts'
export type { EventLog, LoggedEvent, Replay, StreamKey } from './port/event-log.ts'
export { memoryBus } from './port/memory-bus.ts'
export { memoryEventLog, type MemoryEventLogOptions } from './port/memory-event-log.ts'
export { memorySessionStore, type MemorySessionStoreOptions } from './port/memory-session-store.ts'
export type { SessionRecord, SessionStore } from './port/session-store.ts'
export { isLinkLocalHost, isLoopbackHost, isPrivateHost } from './network.ts'
export { screenedLookup, type ResolvedAddress, type ScreenedLookup } from './screened-lookup.ts'
export { randomId } from './random-id.ts'
export { isBuildingSnapshot } from './snapshot.ts'
export type { AskContext, FormHandler, PageHandler, RootsHandler, SampleHandler } from './asked.ts'
export { bind, type Bindable } from './bind.ts'
export { checkBounds } from './bounds.ts'
export { duration, type Duration } from './duration.ts'
export { nearest } from './nearest.ts'
export { checkOptions, type OptionNames } from './option-names.ts'
export { reasonOf } from './reason.ts'
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
export { register, serviceOf, type Served } from './served.ts'
export type { Listener, ServerReceiver, Service, Transport } from './service.ts'
export { Roster, type Seat, type Seated } from './roster.ts'
export { Underway } from './underway.ts'
export { Sweep, type Swept } from './sweep.ts'

// The vocabulary: methods, dialects, and the types of everything on the wire.
export { lower, lowerParams, raiseAnswer } from './dialect.ts'
export {
  asksOf,
  method,
  methodsOf,
  revisionsOf,
  rowOf,
  type AskName,
  type Gate,
  type Method,
  type MethodName,
  type NoticeName,
  type ParamsOf,
  type RequestName,
  type ResultOf,
  type Side,
} from './method.ts'
export type { InputRequest, InputRequests, InputRequiredResult, InputResponse, InputResponses } from './model/ask.ts'
export { capabilityAt, declares, type ClientCapabilities, type ServerCapabilities } from './model/capability.ts'
export type { CompleteRequestParams, CompleteResult, PromptReference, ResourceTemplateReference } from './model/completion.ts'
export type {
  Annotations,
  AudioContent,
  BlobResourceContents,
  ContentBlock,
  EmbeddedResource,
  ImageContent,
  ResourceContents,
  ResourceLink,
  Role,
  TextContent,
  TextResourceContents,
  ToolResultContent,
  ToolUseContent,
} from './model/content.ts'
export type { DiscoverResult } from './model/discover.ts'
export type {
  ElicitationCompleteNotificationParams,
  ElicitRequestFormParams,
  ElicitRequestParams,
  ElicitRequestURLParams,
  ElicitResult,
} from './model/elicitation.ts'
export { Form, PrimitiveSchemaDefinition } from './model/form.ts'
export type { ProgressToken } from './model/id.ts'
export type { Icon, Implementation } from './model/implementation.ts'
export type { InitializeRequestParams, InitializeResult } from './model/initialize.ts'
export type {
  SubscriptionFilter,
  SubscriptionsAcknowledgedNotificationParams,
  SubscriptionsListenRequestParams,
  SubscriptionsListenResult,
} from './model/listen.ts'
export { isLoggingLevel, LOGGING_LEVELS, reaches, type LoggingLevel } from './model/log.ts'
export type { LoggingMessageNotificationParams, SetLevelRequestParams } from './model/logging.ts'
export type { Meta, NoticeMeta, RequestMeta, ResultMeta } from './model/meta.ts'
export type { CancelledNotificationParams, ProgressNotificationParams } from './model/progress.ts'
export type { GetPromptRequestParams, GetPromptResult, ListPromptsResult, Prompt, PromptArgument, PromptMessage } from './model/prompt.ts'
export type { NotificationParams, PaginatedRequestParams, RequestParams } from './model/request.ts'
export type {
  ListResourcesResult,
  ListResourceTemplatesResult,
  ReadResourceRequestParams,
  ReadResourceResult,
  Resource,
  ResourceTemplate,
  ResourceUpdatedNotificationParams,
  SubscribeRequestParams,
} from './model/resource.ts'
export type { EmptyResult } from './model/result.ts'
export type { ListRootsRequestParams, ListRootsResult, Root } from './model/roots.ts'
export type {
  CreateMessageRequestParams,
  CreateMessageResult,
  ModelHint,
  ModelPreferences,
  SamplingContent,
  SamplingMessage,
  ToolChoice,
} from './model/sampling.ts'
export type {
  CreateTaskResult,
  ListTasksResult,
  Task,
  TaskMetadata,
  TaskRequestParams,
  TaskResult,
  TaskStatus,
  TaskStatusNotificationParams,
} from './model/task.ts'
export type { CallToolRequestParams, CallToolResult } from './model/tool-call.ts'
export type { InputSchema, ListToolsResult, OutputSchema, Tool, ToolAnnotations, ToolExecution } from './model/tool.ts'
export { spanOf, type Span, type Static, type TSchema } from './type.ts'
export { checkParamHeaders, HEADER_KEYWORD, headerParams, paramHeaders, type HeaderParam, type HeaderParams } from './header-param.ts'
export { isThenable, type MaybePromise } from './thenable.ts'
export { fromBase64, fromBase64Url, toBase64, toBase64Url } from './bytes.ts'
export { decodeHeaderValue, encodeHeaderValue, sameHeaderValue, type HeaderScalar } from './header-value.ts'
export { LineDecoder, MAX_LINE_BYTES, type LineDecoderOptions } from './lines.ts'
export { depthWithin, TooLarge } from './size.ts'
export { MAX_SSE_EVENT, SSE_COMMENT, sseEvent, SseParser, type ReceivedSseEvent, type SseEvent } from './sse.ts'
export { compareTemplates, compileTemplate, expandTemplate, type UriTemplate } from './uri-template.ts'
export { MAX_URI_LENGTH, type UriVariables } from './uri-template/match.ts'
export { screen, type Hazard } from './uri-template/screen.ts'
export { InvalidTemplate, isWellFormed, MAX_TEMPLATE_LENGTH, MAX_TEMPLATE_VARIABLES } from './uri-template/syntax.ts'
export { DEPRECATED_KEY, VALUE_KEY, VERSION_KEY } from './own-meta.ts'
