/** The rejections over a connection: everything is sent in a row, and a marker after each case tells which answers are its own. */
import * as assert from 'uvu/assert'
import { frameValidator } from '../oracle/frame-validator.ts'
import { ENVELOPE, M, type Case } from './case.ts'

export interface Reply {
  readonly id?: string | number | null
  readonly result?: object
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Record<string, unknown> }
}

/** A way to send bytes and to read what comes back. */
export interface Pipe {
  send(body: string | Uint8Array): void
  /** The next message of the server. */
  next(): Promise<Reply>
}

/** Opens the session that the cases of a session stand in. */
export async function shakeHands(pipe: Pipe): Promise<void> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  pipe.send(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }))
  assert.ok((await pipe.next()).result !== undefined)
  pipe.send(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }))
}

/** Sends a case and a marker. Returns what came before the marker's own answer, which may overtake what takes time. */
async function answers(pipe: Pipe, { body, link, conversation }: Case): Promise<Reply[]> {
  const marker = `after ${(count += 1)}`
  pipe.send(body)
  pipe.send(JSON.stringify({ jsonrpc: '2.0', id: marker, method: 'server/discover', params: { _meta: ENVELOPE } }))
  const wanted = link === 'silence' ? 1 : 2
  const replies: Reply[] = []
  while (replies.length < wanted) replies.push(await pipe.next())
  const validate = frameValidator(conversation === 'session' ? '2025-11-25' : M)
  for (const reply of replies) if (reply.error !== undefined) assert.equal(validate(reply), [], JSON.stringify(reply).slice(0, 500))
  assert.is(replies.filter(({ id }) => id === marker).length, 1, 'the marker is answered')
  return replies.filter(({ id }) => id !== marker)
}

let count = 0

export async function judge(pipe: Pipe, each: Case): Promise<void> {
  const replies = await answers(pipe, each)
  const { link } = each
  if (link === 'silence') return assert.equal(replies, [])
  const [{ id, error, result } = {}] = replies
  if (link === 'served') return assert.ok(result !== undefined, JSON.stringify(error))
  assert.equal([error?.code, id], [link.code, link.id], JSON.stringify(replies))
  for (const [key, value] of Object.entries(link.data ?? {})) assert.equal(error?.data?.[key], value)
}
