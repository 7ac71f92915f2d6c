/** Tasks as 2025-11-25 had them in its core, experimental. The vocabulary only: later revisions have an extension instead (DIGEST 2.9). */

import { named, span, type Static, Type } from '../type.ts'
import { noticeMeta, requestMeta } from './request.ts'
import { resultFields } from './result.ts'

export const TaskMetadata = Type.Object({ ttl: Type.Optional(Type.Integer()) })
/** Asks for a request to be carried out as a task, kept for `ttl` milliseconds. */
export interface TaskMetadata extends Static<typeof TaskMetadata> {}

/** The `task` field of requests that may be carried out as one. */
export const taskField = span({ since: '2025-11-25', until: '2026-07-28' }, Type.Optional(named<TaskMetadata>(TaskMetadata)))

export const RelatedTaskMetadata = Type.Object({ taskId: Type.String() })
/** `_meta["io.modelcontextprotocol/related-task"]` of messages that belong to a task. */
export interface RelatedTaskMetadata extends Static<typeof RelatedTaskMetadata> {}

export const TaskStatus = Type.Enum(['working', 'input_required', 'completed', 'failed', 'cancelled'])
/** Where a task stands; the last three are final. */
export type TaskStatus = Static<typeof TaskStatus>

const taskFields = {
  taskId: Type.String(),
  status: TaskStatus,
  statusMessage: Type.Optional(Type.String()),
  createdAt: Type.String(),
  lastUpdatedAt: Type.String(),
  ttl: Type.Union([Type.Integer(), Type.Null()]),
  pollInterval: Type.Optional(Type.Integer()),
}

export const Task = Type.Object(taskFields)
/** A request under way. Times are ISO 8601, `ttl` and `pollInterval` milliseconds; a `ttl` of null means no end. */
export interface Task extends Static<typeof Task> {}

export const TaskRequestParams = Type.Object({ _meta: requestMeta, taskId: Type.String() })
/** Names a task: params of `tasks/get`, `tasks/result`, `tasks/cancel`. */
export interface TaskRequestParams extends Static<typeof TaskRequestParams> {}

export const CreateTaskResult = Type.Object({ ...resultFields, task: named<Task>(Task) })
/** The answer to a request that became a task. */
export interface CreateTaskResult extends Static<typeof CreateTaskResult> {}

export const TaskResult = Type.Object({ ...resultFields, ...taskFields })
/** A task's state: the answer to `tasks/get` and `tasks/cancel`. */
export interface TaskResult extends Static<typeof TaskResult> {}

export const ListTasksResult = Type.Object({
  ...resultFields,
  nextCursor: Type.Optional(Type.String()),
  tasks: Type.Array(named<Task>(Task)),
})
/** One page of tasks. */
export interface ListTasksResult extends Static<typeof ListTasksResult> {}

export const TaskStatusNotificationParams = Type.Object({ _meta: noticeMeta, ...taskFields })
/** Tells that a task's state changed. */
export interface TaskStatusNotificationParams extends Static<typeof TaskStatusNotificationParams> {}
