/** The heads of our answers, and the answer to a request that is refused. */

import { encodeFault, Fault, isRevision, type RequestId, type Revision, type Spliced } from '@oarlock/protocol'
import type { HeaderList, Turn } from './turn.ts'

const SAFE: HeaderList = ['X-Content-Type-Options', 'nosniff']

/** The head of a JSON answer. */
export const JSON_HEAD: HeaderList = ['Content-Type', 'application/json', 'Cache-Control', 'no-store', ...SAFE]

/** The head of an event stream, which no proxy may hold back or rewrite (S-HTTP-20). */
export const STREAM_HEAD: HeaderList = [
  'Content-Type',
  'text/event-stream',
  'Cache-Control',
  'no-cache, no-transform',
  'X-Accel-Buffering',
  'no',
  ...SAFE,
]

/** The head of an answer without a body. */
export const EMPTY_HEAD: HeaderList = ['Cache-Control', 'no-store', ...SAFE]

const FRAMING: ReadonlySet<string> = new Set([
  'content-type',
  'content-length',
  'content-encoding',
  'transfer-encoding',
  'connection',
  'keep-alive',
])

/**
 * Headers that a message asks for, as a list. Names that decide how the answer is framed, and names and values that could end a header
 * early, are left out (THREATS T27).
 */
export function headerList(headers: Readonly<Record<string, string>> | undefined): HeaderList {
  if (headers === undefined) return []
  return Object.entries(headers).flatMap(([name, value]) => (isSendable(name, value) ? [name, value] : []))
}

function isSendable(name: string, value: unknown): boolean {
  return (
    /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && !FRAMING.has(name.toLowerCase()) && typeof value === 'string' && /^[\t\x20-\x7e]*$/.test(value)
  )
}

/** Answers with an encoded message. */
export function answerJson(turn: Turn, body: string | Spliced, status = 200, headers?: Readonly<Record<string, string>>): void {
  turn.answer(status, headers === undefined ? JSON_HEAD : [...JSON_HEAD, ...headerList(headers)], body)
}

/** Answers that a message was accepted and that nothing follows. */
export function accept(turn: Turn): void {
  turn.answer(202, EMPTY_HEAD)
}

/**
 * Answers with a fault in place of a result. What never became a request is refused by status too, so a fault that an operation would
 * answer in-band has at least `least`. Without an id the answer is in the words of the revision that the header names, as far as it names one:
 * some have no error without an id (S-MSG-08).
 */
export function refuse(turn: Turn, fault: Fault, id?: RequestId, revision?: Revision, least = 400): void {
  const { text, status } = encodeFault(id, fault, revision ?? (id === undefined ? namedRevision(turn) : undefined))
  answerJson(turn, text, Math.max(status, least), fault.headers)
}

function namedRevision({ headers }: Turn): Revision | undefined {
  const version = headers.get('mcp-protocol-version')
  return isRevision(version) ? version : undefined
}

/** The fault for what comes while the endpoint is on its way out. */
export function shuttingDown(): Fault {
  return new Fault('SHUTTING_DOWN', undefined, { headers: { 'Retry-After': '5' } })
}
