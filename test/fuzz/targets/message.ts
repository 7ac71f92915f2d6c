/**
 * Message parsing. Whatever the text: `parse` returns a message or a fault that may be told and never throws; what it read is written and
 * read again the same; a fault's answer is a message of bounded size that repeats the id; and a value that was parsed elsewhere reads alike.
 */
import * as assert from 'node:assert/strict'
import {
  encodeError,
  encodeFault,
  encodeNotice,
  encodeRequest,
  encodeResult,
  FAULTS,
  isId,
  MESSAGE_LIMITS,
  parse,
  read,
  REVISIONS,
  type Incoming,
  type InvalidMessage,
  type Message,
} from '@oarlock/protocol'

export const words = [
  '"jsonrpc":"2.0",',
  '"id":',
  '"method":',
  '"params":{}',
  '"result":{}',
  '"error":{"code":1,"message":""}',
  'null',
  '-0',
  '1e400',
]

/** The most that a fault adds to the id that it repeats. */
const FAULT_ROOM = 1024

export function fuzz(input: Buffer): void {
  const text = input.toString('utf8')
  const incoming = parse(text)
  if (incoming.kind === 'batch') {
    assert.ok(incoming.items.length > 0 && incoming.items.length <= MESSAGE_LIMITS.batch)
    incoming.items.forEach(check)
  } else check(incoming)
  compare(text, incoming)
}

function check(message: Message | InvalidMessage): void {
  if (message.kind === 'invalid') return refused(message)
  assert.deepEqual(plain(parse(encoded(message))), plain(message))
}

function encoded(message: Message): string {
  if (message.kind === 'request') return encodeRequest(message.id, message.method, message.params)
  if (message.kind === 'notice') return encodeNotice(message.method, message.params)
  if (message.error !== undefined) return encodeError(message.id, message.error)
  return encodeResult(message.id as string | number, JSON.stringify(message.result))
}

function refused({ fault, id }: InvalidMessage): void {
  assert.ok(fault.fault in FAULTS)
  for (const revision of [undefined, ...REVISIONS]) {
    const { text, status } = encodeFault(id, fault, revision)
    assert.ok(status >= 200 && status < 600)
    assert.ok(text.length < FAULT_ROOM + JSON.stringify(id ?? null).length, text)
    const reply = parse(text)
    assert.ok(reply.kind === 'reply' && reply.error !== undefined, text)
    assert.equal(
      reply.id === undefined ? undefined : Number(reply.id) + String(reply.id),
      id === undefined ? undefined : Number(id) + String(id),
    )
  }
}

/** Another framework's parser has read the body: what we make of it differs only in depth, which a repeated key can hide. */
function compare(text: string, incoming: Incoming): void {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    assert.equal(incoming.kind, 'invalid')
    return
  }
  const other = read(value)
  if (incoming.kind === 'invalid' && other.kind !== 'invalid') assert.match(incoming.fault.message, /nested deeper/)
  else assert.deepEqual(plain(other), plain(incoming))
  if (other.kind === 'request') assert.ok(isId(other.id))
}

/** As JSON says it: -0 is 0, and a fault is its words. */
const plain = (incoming: Incoming): unknown =>
  JSON.parse(JSON.stringify(incoming, (_, value: unknown) => (value instanceof Error ? value.message : value)))
