/** Events and lines are the same however the bytes are cut. */
import * as assert from 'node:assert/strict'
import { LineDecoder, sseEvent, SseParser, SSE_COMMENT, type ReceivedSseEvent } from '@oarlock/protocol'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import { holds } from './holds.ts'
import { chunksOf, cuts, json, text, wildText } from './values.ts'

const test = suite('framing')
const encoder = new TextEncoder()
const oneLine = text.filter(each => !/[\r\n\0]/.test(each))

const events = fc.array(
  fc.record({
    data: text,
    id: fc.option(oneLine, { nil: undefined }),
    event: fc.option(
      oneLine.filter(each => each !== ''),
      { nil: undefined },
    ),
    quiet: fc.boolean(),
  }),
  { maxLength: 6 },
)

test('any events, written and cut anywhere, are read as they were', () =>
  holds(fc.record({ events, cuts, end: fc.constantFrom('\n', '\r\n', '\r') }), ({ events, cuts, end }) => {
    const wire = events.map(({ data, id, event, quiet }) => {
      const fields = { data, ...(id === undefined ? {} : { id }), ...(event === undefined ? {} : { event }) }
      return sseEvent(fields) + (quiet ? SSE_COMMENT : '')
    })
    const read: ReceivedSseEvent[] = []
    const parser = new SseParser(event => read.push(event))
    for (const chunk of chunksOf(encoder.encode(wire.join('').replaceAll('\n', end)), cuts)) parser.push(chunk)
    const expected = events.map(({ data, id, event = 'message' }) => ({ id, event, data: data.replaceAll(/\r\n?/g, '\n') }))
    assert.deepEqual(read, expected)
    assert.equal(parser.lastEventId, events.findLast(({ id }) => id !== undefined)?.id ?? '')
  }))

test('nothing in a field of an event can begin a field of its own', () =>
  holds(fc.record({ data: wildText, id: wildText, event: wildText }), fields => {
    let wire
    try {
      wire = sseEvent(fields)
    } catch (error) {
      assert.ok(error instanceof RangeError)
      assert.match(fields.id + fields.event, /[\r\n\0]/)
      return
    }
    for (const line of wire.split(/\r\n|\n|\r/)) assert.match(line, /^(?:id: |event: |data: |$)/)
  }))

const ending = fc.constantFrom('\n', '\r\n')

test('any messages, one on a line and cut anywhere, are read as they were', () =>
  holds(
    fc.record({ messages: fc.array(fc.tuple(json, ending), { maxLength: 8 }), cuts, whole: fc.boolean() }),
    ({ messages, cuts, whole }) => {
      const wire = messages.map(([value, end]) => JSON.stringify(value) + end).join('')
      const read: string[] = []
      const decoder = new LineDecoder()
      for (const chunk of chunksOf(encoder.encode(whole ? wire : wire.trimEnd()), cuts)) decoder.push(chunk, line => read.push(line))
      decoder.end(line => read.push(line))
      assert.deepEqual(
        read.map(line => JSON.parse(line) as unknown),
        messages.map(([value]) => value),
      )
    },
  ))

test('any bytes are told the same however they are cut, lines too long and not UTF-8 included', () =>
  holds(
    fc.record({ bytes: fc.uint8Array({ maxLength: 200, size: 'max' }), breaks: fc.array(fc.nat(), { maxLength: 8 }), cuts }),
    ({ bytes, breaks, cuts }) => {
      for (const place of breaks) if (bytes.length > 0) bytes[place % bytes.length] = 0x0a
      const told = (chunks: readonly Uint8Array[]) => {
        const all: unknown[] = []
        const decoder = new LineDecoder({
          maxBytes: 24,
          onTooLong: long => all.push({ long }),
          onInvalid: invalid => all.push({ invalid }),
        })
        for (const chunk of chunks) decoder.push(chunk, line => all.push(line))
        decoder.end(line => all.push(line))
        return all
      }
      assert.deepEqual(told(chunksOf(bytes, cuts)), told([bytes]))
    },
  ))

test.run()
