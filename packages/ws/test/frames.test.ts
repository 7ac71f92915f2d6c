/** What may travel over a WebSocket, and which close code answers what may not. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { BareService } from './service.ts'
import { Serving } from './serving.ts'
import { frame, OPCODE, opened, type Raw } from './wire.ts'

const test = suite('frames')

const serving = new Serving()
test.after.each(() => serving.close())

async function connect(options: Parameters<Serving['listen']>[1] = {}): Promise<[Raw, BareService]> {
  const service = new BareService()
  const { port } = await serving.listen(service, options)
  return [await opened(port), service]
}

test('S-WS-03: each text frame is one message, and so is each answer, whatever the text in it', async () => {
  const [raw] = await connect()
  const text = 'line\nbreak \u2028 and 🦀 and é'
  raw.request(1, 'echo', { text })
  assert.equal(await raw.message(), { jsonrpc: '2.0', id: 1, result: { text } })
})

test('S-WS-03: a message may come in fragments, cut anywhere, with a ping in between', async () => {
  const [raw] = await connect()
  const bytes = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'echo', params: { text: '🦀' } }))
  const middle = bytes.indexOf('🦀') + 2
  raw.write(frame(OPCODE.text, bytes.subarray(0, middle), { fin: false }))
  raw.write(frame(OPCODE.ping, 'still there?'))
  const pong = await raw.next()
  assert.equal([pong.opcode, pong.payload.toString()], [OPCODE.pong, 'still there?'])
  raw.write(frame(OPCODE.continuation, bytes.subarray(middle)))
  assert.equal((await raw.message()).result, { text: '🦀' })
})

test('S-WS-03: a binary frame closes with 1003', async () => {
  const [raw, service] = await connect()
  raw.write(frame(OPCODE.binary, '{"jsonrpc":"2.0","id":1,"method":"echo"}'))
  assert.equal(await raw.goodbye(), [1003, 'Messages are text'])
  assert.is(service.received.length, 0)
})

test('S-WS-03: text that is not UTF-8 closes with 1007', async () => {
  for (const bytes of [[0x22, 0xff, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0xc3]]) {
    const [raw, service] = await connect()
    raw.write(frame(OPCODE.text, Buffer.from(bytes)))
    assert.is((await raw.goodbye())[0], 1007)
    assert.is(service.received.length, 0)
  }
})

test('T24: a message over the limit closes with 1009, before it has arrived', async () => {
  const [raw] = await connect({ maxPayload: 1000 })
  raw.write(frame(OPCODE.text, 'x', { length: 1001 }))
  assert.is((await raw.goodbye())[0], 1009)
})

test('T24: 4 MiB is the limit when nobody says another, and fragments are added up', async () => {
  const [raw, service] = await connect()
  const most = 4 * 1024 * 1024
  const before = '{"jsonrpc":"2.0","id":1,"method":"echo","params":{"text":"'
  raw.write(frame(OPCODE.text, `${before}${'x'.repeat(most - before.length - 3)}"}}`))
  assert.is((await raw.message()).id, 1)
  raw.write(frame(OPCODE.text, 'x'.repeat(most), { fin: false }))
  raw.write(frame(OPCODE.continuation, 'x'))
  assert.is((await raw.goodbye())[0], 1009)
  assert.is(service.received.length, 1)
})

test('row 4: a message in too many pieces closes with 1008', async () => {
  const [raw] = await connect()
  raw.write(frame(OPCODE.text, '"', { fin: false }))
  raw.write(Buffer.concat(Array.from({ length: 5000 }, () => frame(OPCODE.continuation, 'x', { fin: false }))))
  assert.is((await raw.goodbye())[0], 1008)
})

test('T23: nesting beyond the limit is refused, and the connection lives on', async () => {
  const [raw] = await connect()
  raw.text('['.repeat(500_000))
  assert.is((await raw.message()).error?.code, -32600)
  raw.request(1, 'echo')
  assert.is((await raw.message()).id, 1)
})

const ILLEGAL: Readonly<Record<string, Buffer>> = {
  'a frame without a mask': frame(OPCODE.text, '{}', { masked: false }),
  'a reserved bit': frame(OPCODE.text, '{}', { rsv: 1 }),
  'a compressed frame that nobody agreed on': frame(OPCODE.text, '{}', { rsv: 4 }),
  'an unknown opcode': frame(3, '{}'),
  'an unknown control opcode': frame(11),
  'a continuation of nothing': frame(OPCODE.continuation, '{}'),
  'a text inside a text': Buffer.concat([frame(OPCODE.text, '{', { fin: false }), frame(OPCODE.text, '}')]),
  'a ping in fragments': frame(OPCODE.ping, '', { fin: false }),
  'a long ping': frame(OPCODE.ping, 'x'.repeat(126)),
  'a close frame of one byte': frame(OPCODE.close, 'x'),
  'a close code that must not be sent': frame(OPCODE.close, Buffer.from([0x03, 0xed])),
}

for (const [what, bytes] of Object.entries(ILLEGAL)) {
  test(`illegal: ${what} closes with 1002 and reaches nobody`, async () => {
    const [raw, service] = await connect()
    const seen = service.connections[0]!
    raw.write(bytes)
    assert.is((await raw.goodbye())[0], 1002)
    assert.is(service.received.length, 0)
    assert.match(String(await seen.closed), /WebSocketClosed: The WebSocket was closed with code 1002/)
  })
}

test('T25: compression is not agreed on, even when it is offered (S-WS-13)', async () => {
  const { port } = await serving.listen(new BareService())
  const raw = await opened(port, { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' }).catch(() => undefined)
  assert.ok(raw)
  raw.write(frame(OPCODE.text, 'x', { rsv: 4 }))
  assert.is((await raw.goodbye())[0], 1002)
})

test('S-WS-04: frames that are no messages are answered, and the connection is kept', async () => {
  const [raw] = await connect()
  for (const [text, code] of [
    ['nonsense', -32700],
    ['', -32700],
    ['\ufeff{}', -32700],
    ['{"jsonrpc":"1.0","id":7,"method":"echo"}', -32600],
    ['[]', -32600],
    ['"x"', -32600],
  ] as const) {
    raw.text(text)
    assert.is((await raw.message()).error?.code, code, text)
  }
  raw.request(8, 'echo')
  assert.is((await raw.message()).id, 8)
})

test('S-WS-04: ten of them in a row close with 1008', async () => {
  const [raw] = await connect()
  const strike = async (count: number) => {
    for (let i = 0; i < count; i++) {
      raw.text('nonsense')
      assert.is((await raw.message()).error?.code, -32700)
    }
  }
  await strike(9)
  raw.request(1, 'echo')
  await raw.message()
  await strike(10)
  assert.equal(await raw.goodbye(), [1008, 'Too much that is no message'])
})

test('a service that throws closes with 1011, is reported, and the peer learns nothing of it', async () => {
  const service = new BareService()
  const { port } = await serving.listen(service)
  const raw = await opened(port)
  service.methods.set('break', () => {
    throw new Error('secret')
  })
  raw.request(1, 'break')
  assert.equal(await raw.goodbye(), [1011, ''])
  assert.is(String(service.reports[0]?.[0]), 'Error: secret')
})

test('what one burst of work answers leaves in order', async () => {
  const [raw] = await connect()
  raw.write(
    Buffer.concat(Array.from({ length: 200 }, (_, id) => frame(OPCODE.text, JSON.stringify({ jsonrpc: '2.0', id, method: 'echo' })))),
  )
  for (let id = 0; id < 200; id++) assert.is((await raw.message()).id, id)
})

test.run()
