/** The table of all methods, as data: who sends each in which revisions, its words, and what it takes to be allowed (DIGEST 1.1, 1.2). */

import { CompleteRequestParams, CompleteResult } from './model/completion.ts'
import { DiscoverResult } from './model/discover.ts'
import { ElicitationCompleteNotificationParams, ElicitRequestParams, ElicitResult } from './model/elicitation.ts'
import { InitializeRequestParams, InitializeResult } from './model/initialize.ts'
import { SubscriptionsAcknowledgedNotificationParams, SubscriptionsListenRequestParams, SubscriptionsListenResult } from './model/listen.ts'
import { LoggingMessageNotificationParams, SetLevelRequestParams } from './model/logging.ts'
import { CancelledNotificationParams, ProgressNotificationParams } from './model/progress.ts'
import { GetPromptRequestParams, GetPromptResult, ListPromptsResult } from './model/prompt.ts'
import { NotificationParams, PaginatedRequestParams, RequestParams } from './model/request.ts'
import {
  ListResourcesResult,
  ListResourceTemplatesResult,
  ReadResourceRequestParams,
  ReadResourceResult,
  ResourceUpdatedNotificationParams,
  SubscribeRequestParams,
} from './model/resource.ts'
import { EmptyResult } from './model/result.ts'
import { ListRootsRequestParams, ListRootsResult } from './model/roots.ts'
import { CreateMessageRequestParams, CreateMessageResult } from './model/sampling.ts'
import { ListTasksResult, TaskRequestParams, TaskResult, TaskStatusNotificationParams } from './model/task.ts'
import { CallToolRequestParams, CallToolResult } from './model/tool-call.ts'
import { ListToolsResult } from './model/tool.ts'
import { ALWAYS, named, type Span, type TSchema } from './type.ts'

/** One of the two ends of a conversation. */
export type Side = 'client' | 'server'

/** A capability that must have been declared, by which side. `capability` is a path, such as `resources.subscribe`. */
export interface Gate {
  readonly side: Side
  readonly capability: string
}

/** One row of the table. The spans under `client` and `server` say in which revisions that side sends it; absent means never. */
export interface Row<Params extends TSchema = TSchema, Result extends TSchema | undefined = TSchema | undefined> {
  readonly params: Params
  /** The result's schema; a row without one is a notice. */
  readonly result: Result
  readonly client?: Span
  readonly server?: Span
  readonly gate?: Gate
  /** In these revisions the request travels inside an `input_required` result instead of as a message. */
  readonly asked?: Span
  /** A server may ask the client before it answers this request (DIGEST 3.9). */
  readonly mayAsk?: true
  /** The complete result carries `ttlMs` and `cacheScope` (DIGEST 3.11). */
  readonly cacheable?: true
  /** The member of params that HTTP repeats in `Mcp-Name` (DIGEST 3.7). */
  readonly nameParam?: 'name' | 'uri'
}

type Rest = Omit<Row, 'params' | 'result'>

const request = <P, R>(params: TSchema, result: TSchema, rest: Rest) => ({ params: named<P>(params), result: named<R>(result), ...rest })
const notice = <P>(params: TSchema, rest: Rest) => ({ params: named<P>(params), result: undefined, ...rest })

const SESSION: Span = { until: '2026-07-28' }
const STATELESS: Span = { since: '2026-07-28' }
const TASKS: Span = { since: '2025-11-25', until: '2026-07-28' }

const offered = (capability: string): Gate => ({ side: 'server', capability })
const granted = (capability: string): Gate => ({ side: 'client', capability })

const list = { client: ALWAYS, cacheable: true } as const
const asking = { client: ALWAYS, mayAsk: true } as const
const news = { server: ALWAYS } as const

/** Method → row. */
export const VOCABULARY = {
  initialize: request<InitializeRequestParams, InitializeResult>(InitializeRequestParams, InitializeResult, { client: SESSION }),
  ping: request<RequestParams, EmptyResult>(RequestParams, EmptyResult, { client: SESSION, server: SESSION }),
  'server/discover': request<RequestParams, DiscoverResult>(RequestParams, DiscoverResult, { client: STATELESS, cacheable: true }),

  'tools/list': request<PaginatedRequestParams, ListToolsResult>(PaginatedRequestParams, ListToolsResult, {
    ...list,
    gate: offered('tools'),
  }),
  'tools/call': request<CallToolRequestParams, CallToolResult>(CallToolRequestParams, CallToolResult, {
    ...asking,
    gate: offered('tools'),
    nameParam: 'name',
  }),
  'resources/list': request<PaginatedRequestParams, ListResourcesResult>(PaginatedRequestParams, ListResourcesResult, {
    ...list,
    gate: offered('resources'),
  }),
  'resources/templates/list': request<PaginatedRequestParams, ListResourceTemplatesResult>(
    PaginatedRequestParams,
    ListResourceTemplatesResult,
    { ...list, gate: offered('resources') },
  ),
  'resources/read': request<ReadResourceRequestParams, ReadResourceResult>(ReadResourceRequestParams, ReadResourceResult, {
    ...asking,
    gate: offered('resources'),
    cacheable: true,
    nameParam: 'uri',
  }),
  'resources/subscribe': request<SubscribeRequestParams, EmptyResult>(SubscribeRequestParams, EmptyResult, {
    client: SESSION,
    gate: offered('resources.subscribe'),
  }),
  'resources/unsubscribe': request<SubscribeRequestParams, EmptyResult>(SubscribeRequestParams, EmptyResult, {
    client: SESSION,
    gate: offered('resources.subscribe'),
  }),
  'prompts/list': request<PaginatedRequestParams, ListPromptsResult>(PaginatedRequestParams, ListPromptsResult, {
    ...list,
    gate: offered('prompts'),
  }),
  'prompts/get': request<GetPromptRequestParams, GetPromptResult>(GetPromptRequestParams, GetPromptResult, {
    ...asking,
    gate: offered('prompts'),
    nameParam: 'name',
  }),
  'completion/complete': request<CompleteRequestParams, CompleteResult>(CompleteRequestParams, CompleteResult, {
    client: ALWAYS,
    gate: offered('completions'),
  }),
  'logging/setLevel': request<SetLevelRequestParams, EmptyResult>(SetLevelRequestParams, EmptyResult, {
    client: SESSION,
    gate: offered('logging'),
  }),
  'subscriptions/listen': request<SubscriptionsListenRequestParams, SubscriptionsListenResult>(
    SubscriptionsListenRequestParams,
    SubscriptionsListenResult,
    { client: STATELESS },
  ),

  'roots/list': request<ListRootsRequestParams, ListRootsResult>(ListRootsRequestParams, ListRootsResult, {
    server: SESSION,
    asked: STATELESS,
    gate: granted('roots'),
  }),
  'sampling/createMessage': request<CreateMessageRequestParams, CreateMessageResult>(CreateMessageRequestParams, CreateMessageResult, {
    server: SESSION,
    asked: STATELESS,
    gate: granted('sampling'),
  }),
  'elicitation/create': request<ElicitRequestParams, ElicitResult>(ElicitRequestParams, ElicitResult, {
    server: { since: '2025-06-18', until: '2026-07-28' },
    asked: STATELESS,
    gate: granted('elicitation'),
  }),

  'tasks/get': request<TaskRequestParams, TaskResult>(TaskRequestParams, TaskResult, { client: TASKS, server: TASKS }),
  'tasks/result': request<TaskRequestParams, EmptyResult>(TaskRequestParams, EmptyResult, { client: TASKS, server: TASKS }),
  'tasks/list': request<PaginatedRequestParams, ListTasksResult>(PaginatedRequestParams, ListTasksResult, { client: TASKS, server: TASKS }),
  'tasks/cancel': request<TaskRequestParams, TaskResult>(TaskRequestParams, TaskResult, { client: TASKS, server: TASKS }),

  'notifications/initialized': notice<NotificationParams>(NotificationParams, { client: SESSION }),
  'notifications/cancelled': notice<CancelledNotificationParams>(CancelledNotificationParams, { client: ALWAYS, server: ALWAYS }),
  'notifications/progress': notice<ProgressNotificationParams>(ProgressNotificationParams, { client: SESSION, server: ALWAYS }),
  'notifications/message': notice<LoggingMessageNotificationParams>(LoggingMessageNotificationParams, {
    ...news,
    gate: offered('logging'),
  }),
  'notifications/tools/list_changed': notice<NotificationParams>(NotificationParams, { ...news, gate: offered('tools.listChanged') }),
  'notifications/prompts/list_changed': notice<NotificationParams>(NotificationParams, { ...news, gate: offered('prompts.listChanged') }),
  'notifications/resources/list_changed': notice<NotificationParams>(NotificationParams, {
    ...news,
    gate: offered('resources.listChanged'),
  }),
  'notifications/resources/updated': notice<ResourceUpdatedNotificationParams>(ResourceUpdatedNotificationParams, {
    ...news,
    gate: offered('resources.subscribe'),
  }),
  'notifications/subscriptions/acknowledged': notice<SubscriptionsAcknowledgedNotificationParams>(
    SubscriptionsAcknowledgedNotificationParams,
    { server: STATELESS },
  ),
  'notifications/elicitation/complete': notice<ElicitationCompleteNotificationParams>(ElicitationCompleteNotificationParams, {
    server: TASKS,
    gate: granted('elicitation.url'),
  }),
  'notifications/roots/list_changed': notice<NotificationParams>(NotificationParams, {
    client: SESSION,
    gate: granted('roots.listChanged'),
  }),
  'notifications/tasks/status': notice<TaskStatusNotificationParams>(TaskStatusNotificationParams, { client: TASKS, server: TASKS }),
} satisfies Record<string, Row>
