/** JSON-RPC 2.0 messages: text in, one of four shapes out; and text for the way back. Nothing here knows a method. */

import { Fault, numbersOf } from './fault.ts'
import { isObject, type JsonObject } from './json.ts'
import type { OptionNames } from './option-names.ts'
import { atLeast, type Revision } from './revision.ts'
import { depthWithin, valueDepthWithin } from './size.ts'

/** A JSON-RPC id: a string or a safe integer. Never null, never a fraction (DIGEST 1.5). */
export type RequestId = string | number

/** A message that wants an answer. */
export interface RequestMessage {
  readonly kind: 'request'
  readonly id: RequestId
  readonly method: string
  readonly params: JsonObject | undefined
}

/** A message that wants none. */
export interface NoticeMessage {
  readonly kind: 'notice'
  readonly method: string
  readonly params: JsonObject | undefined
}

/** An answer: exactly one of `result` and `error` is present. `id` is absent when the peer could not read ours. */
export interface ReplyMessage {
  readonly kind: 'reply'
  readonly id: RequestId | undefined
  readonly result: JsonObject | undefined
  readonly error: ErrorObject | undefined
  /** Client side of HTTP only: the status of a failed answer, which tells the conversations apart during negotiation (DIGEST 3.6). */
  readonly status?: number
}

/** The `error` member of a reply. */
export interface ErrorObject {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

/** Text that is not a message. `id` is present whenever it could be read, so that the error can echo it. */
export interface InvalidMessage {
  readonly kind: 'invalid'
  readonly fault: Fault
  readonly id: RequestId | undefined
  /** What it was to be, where that is plain. Neither is ever answered over a connection, however malformed (S-MSG-06). */
  readonly meant?: 'notice' | 'reply'
}

/** A JSON array of messages; only revision 2025-03-26 knows it. Never empty. */
export interface BatchMessage {
  readonly kind: 'batch'
  readonly items: readonly (Message | InvalidMessage)[]
}

/** One well-formed message. */
export type Message = RequestMessage | NoticeMessage | ReplyMessage

/** Whatever a frame of text turned out to be. */
export type Incoming = Message | BatchMessage | InvalidMessage

/** Bounds on what is read. */
export interface MessageLimits {
  /** Deepest nesting of arrays and objects, the message itself included. */
  readonly depth: number
  /** Most elements of a batch. */
  readonly batch: number
}

/** The names of all limits. */
export const MESSAGE_LIMIT_OPTIONS: OptionNames<MessageLimits> = { depth: true, batch: true }

/** 64 levels, 100 messages (THREATS 4, T23, T24). */
export const MESSAGE_LIMITS: MessageLimits = { depth: 64, batch: 100 }

/** Reads one frame of text. Never throws: what cannot be read comes back as `invalid` with its fault. */
export function parse(text: string, limits: MessageLimits = MESSAGE_LIMITS): Incoming {
  if (!depthWithin(text, limits.depth)) return invalid(tooDeep(limits))
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return invalid(new Fault('PARSE_ERROR'))
  }
  return readValue(value, limits)
}

/** Reads a value that was already parsed, such as a body that another framework consumed. Its size is the transport's concern. */
export function read(value: unknown, limits: MessageLimits = MESSAGE_LIMITS): Incoming {
  return valueDepthWithin(value, limits.depth) ? readValue(value, limits) : invalid(tooDeep(limits))
}

function tooDeep({ depth }: MessageLimits): Fault {
  return new Fault('INVALID_REQUEST', `The message is nested deeper than ${depth} levels`)
}

function readValue(value: unknown, limits: MessageLimits): Incoming {
  if (!Array.isArray(value)) return readOne(value)
  if (value.length === 0) return invalid(new Fault('INVALID_REQUEST', 'A batch must not be empty'))
  if (value.length > limits.batch) return invalid(new Fault('INVALID_REQUEST', `A batch holds at most ${limits.batch} messages`))
  return { kind: 'batch', items: value.map(readOne) }
}

function readOne(value: unknown): Message | InvalidMessage {
  if (!isObject(value)) return invalid(new Fault('INVALID_REQUEST', 'A message must be a JSON object'))
  const { id, method, params } = value
  const readable = isId(id) ? id : undefined
  if (value['jsonrpc'] !== '2.0') return invalid(new Fault('INVALID_REQUEST', 'jsonrpc must be "2.0"'), readable)
  if (method !== undefined) return readCall(value, readable, method, params)
  return readReply(value, readable)
}

function readCall(value: JsonObject, id: RequestId | undefined, method: unknown, params: unknown): Message | InvalidMessage {
  if (typeof method !== 'string') return invalid(new Fault('INVALID_REQUEST', 'method must be a string'), id)
  if ('result' in value || 'error' in value)
    return invalid(new Fault('INVALID_REQUEST', 'A message has a method or a result, not both'), id)
  if (id === undefined && 'id' in value) return invalid(new Fault('INVALID_REQUEST', 'id must be a string or an integer'))
  if (params !== undefined && !isObject(params))
    return invalid(new Fault('INVALID_PARAMS', 'params must be an object'), id, id === undefined ? 'notice' : undefined)
  if (id !== undefined) return { kind: 'request', id, method, params }
  return { kind: 'notice', method, params }
}

function readReply(value: JsonObject, id: RequestId | undefined): Message | InvalidMessage {
  const { result, error } = value
  if (result === undefined && error === undefined)
    return invalid(new Fault('INVALID_REQUEST', 'A message needs a method, or exactly one of result and error'), id)
  const broken = (text: string): InvalidMessage => invalid(new Fault('INVALID_REQUEST', text), id, 'reply')
  if (result !== undefined && error !== undefined) return broken('A reply has exactly one of result and error')
  if (result !== undefined) {
    if (id === undefined) return broken('A result needs the id of its request')
    if (!isObject(result)) return broken('result must be an object')
    return { kind: 'reply', id, result, error: undefined }
  }
  if (!isError(error)) return broken('error needs an integer code and a string message')
  return { kind: 'reply', id, result: undefined, error }
}

/** Longest id, in characters. Answers and everything sent on a subscription repeat it (THREATS T35). */
export const MAX_ID_LENGTH = 1024

/** Whether a value may be a request id: a string of bounded length, or an integer that JavaScript can hold exactly. */
export function isId(value: unknown): value is RequestId {
  return typeof value === 'string' ? value.length <= MAX_ID_LENGTH : Number.isSafeInteger(value)
}

function isError(value: unknown): value is ErrorObject {
  return isObject(value) && Number.isInteger(value['code']) && typeof value['message'] === 'string'
}

function invalid(fault: Fault, id?: RequestId, meant?: 'notice' | 'reply'): InvalidMessage {
  return meant === undefined ? { kind: 'invalid', fault, id } : { kind: 'invalid', fault, id, meant }
}

const idText = (id: RequestId): string => (typeof id === 'number' ? String(id) : JSON.stringify(id))

/** The text of a request. */
export function encodeRequest(id: RequestId, method: string, params?: object): string {
  const head = `{"jsonrpc":"2.0","id":${idText(id)},"method":${JSON.stringify(method)}`
  return params === undefined ? `${head}}` : `${head},"params":${JSON.stringify(params)}}`
}

/** The text of a notice. */
export function encodeNotice(method: string, params?: object): string {
  const head = `{"jsonrpc":"2.0","method":${JSON.stringify(method)}`
  return params === undefined ? `${head}}` : `${head},"params":${JSON.stringify(params)}}`
}

/** The text of a successful reply, around a result that is JSON text already. */
export function encodeResult(id: RequestId, result: string): string {
  return `{"jsonrpc":"2.0","id":${idText(id)},"result":${result}}`
}

/**
 * The text and HTTP status of a failed reply. An id that could not be read is left out where the revision allows it (2025-11-25 on, and
 * when the revision is unknown) and null before (DIGEST S-MSG-08).
 */
export function encodeFault(
  id: RequestId | undefined,
  fault: Fault,
  revision?: Revision,
): { readonly text: string; readonly status: number } {
  const { code, status } = numbersOf(fault.fault, revision)
  return {
    text: encodeError(id, { code, message: fault.message, ...(fault.data === undefined ? {} : { data: fault.data }) }, revision),
    status,
  }
}

/** The text of a failed reply from its numbers. */
export function encodeError(id: RequestId | undefined, error: ErrorObject, revision?: Revision): string {
  const body = `"error":${JSON.stringify(error)}}`
  if (id !== undefined) return `{"jsonrpc":"2.0","id":${idText(id)},${body}`
  return revision === undefined || atLeast(revision, '2025-11-25') ? `{"jsonrpc":"2.0",${body}` : `{"jsonrpc":"2.0","id":null,${body}`
}
