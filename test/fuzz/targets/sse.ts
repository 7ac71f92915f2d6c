/**
 * Server-sent events. Whatever the bytes and however they are cut: the parser makes the same events of them, holds no more than it was given,
 * throws nothing but `TooLarge`, and each event that it read is written and read again the same.
 */
import * as assert from 'node:assert/strict'
import { sseEvent, SseParser, TooLarge, type ReceivedSseEvent } from '@oarlock/protocol'
import { chunkings } from '../engine/chunks.ts'

export const words = ['data: ', 'event: ', 'id: ', 'retry: ', '\r\n', '\n\n', '\r\r', ':\n', '\xef\xbb\xbf']

const MAX_EVENT = 300

interface Read {
  readonly events: readonly ReceivedSseEvent[]
  readonly last: string
  readonly retry: number | undefined
  readonly tooLarge: boolean
}

export function fuzz(input: Buffer): void {
  const [whole, ...others] = chunkings(input).map(read)
  // What is told before an event grows too large is told in any case; where it is cut decides how soon the rest is seen.
  for (const other of others) assert.deepEqual(other, whole)
  const { events } = whole as Read
  assert.ok(events.reduce((sum, { data }) => sum + data.length, 0) <= input.length)
  for (const event of events) again(event)
}

function read(chunks: readonly Uint8Array[]): Read {
  const events: ReceivedSseEvent[] = []
  const parser = new SseParser(event => events.push(event), MAX_EVENT)
  let tooLarge = false
  try {
    for (const chunk of chunks) parser.push(chunk)
  } catch (error) {
    assert.ok(TooLarge.is(error), error as Error)
    tooLarge = true
  }
  return { events, last: parser.lastEventId, retry: parser.retry, tooLarge }
}

function again({ id, event, data }: ReceivedSseEvent): void {
  const fields = { ...(id === undefined ? {} : { id }), event, data }
  // The standard lets a type have NUL. We read it, and never write it.
  if (event.includes('\0')) return assert.throws(() => sseEvent(fields), RangeError)
  const text = sseEvent(fields)
  if (text.length <= MAX_EVENT) assert.deepEqual(read([Buffer.from(text)]).events, [{ id, event, data }])
}
