import { META, parse } from '@oarlock/protocol'
import type { Context } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { promised, quiet, reports } from '../stage.ts'
import { envelope, settled, textOf, Wire, type Json } from '../wire.ts'

const test = suite('gateway')

function echoing(options: Parameters<typeof quiet>[0] = {}) {
  const server = quiet(options)
  server.tool('echo', { description: 'd', input: { type: 'object' } }, (args, ctx) =>
    JSON.stringify([ctx.peer.revision, ctx.peer.capabilities, args]),
  )
  return server
}

/** A tool that waits until it is let go, by the id of its call. */
function waiting(options: Parameters<typeof quiet>[0] = {}) {
  const server = quiet(options)
  const gates = new Map<string, ReturnType<typeof promised<string>>>()
  const gate = (key: string) => {
    let made = gates.get(key)
    if (made === undefined) gates.set(key, (made = promised<string>()))
    return made
  }
  server.tool('wait', { description: 'd', input: { type: 'object' } }, async ({ key }: Json) => gate(String(key)).promise)
  return { server, gate }
}

test('S-VER-06, S-VER-08: both conversations on one connection, neither knowing of the other', async () => {
  const wire = new Wire(echoing())
  assert.is(textOf(await wire.call('echo', { n: 1 }, { capabilities: { roots: {} } })), '["2026-07-28",{"roots":{}},{"n":1}]')
  await wire.initialize('2025-06-18', { sampling: {} })
  assert.is(textOf(await wire.request('tools/call', { name: 'echo' })), '["2025-06-18",{"sampling":{}},{}]')
  assert.is(textOf(await wire.call('echo', { n: 2 })), '["2026-07-28",{},{"n":2}]')
  assert.is(textOf(await wire.request('tools/call', { name: 'echo' })), '["2025-06-18",{"sampling":{}},{}]')
})

test('T37, S-VER-02, S-VER-04: the version is looked at on every request', async () => {
  const wire = new Wire(echoing())
  await wire.call('echo')
  const claimed = async (version: unknown) =>
    (await wire.modern('tools/call', { name: 'echo' }, { meta: { [META.version]: version } })).error
  for (const version of ['2099-01-01', '2025-06-18', '2024-11-05', '', 'newest', '2026-07-28 ', '2026-07']) {
    assert.equal(
      [(await claimed(version))?.code, (await claimed(version))?.data],
      [-32022, { supported: ['2026-07-28'], requested: version }],
      version,
    )
  }
  for (const version of [20260728, null, {}]) assert.is((await claimed(version))?.code, -32602)
  await wire.initialize('2025-06-18')
  assert.is((await claimed('2099-01-01'))?.code, -32022, 'also once a session is open')
  assert.is(textOf(await wire.call('echo')).slice(0, 13), '["2026-07-28"')
})

test('S-META-01, S-META-03, S-VER-12: an envelope that is broken is an error, never something else', async () => {
  const wire = new Wire(echoing())
  const metas: readonly Json[] = [
    { [META.version]: '2026-07-28' },
    { [META.capabilities]: {} },
    { [META.clientInfo]: { name: 'a', version: '1' } },
    { [META.version]: '2026-07-28', [META.capabilities]: [] },
    { [META.version]: '2026-07-28', [META.capabilities]: null },
    { ...envelope(), [META.clientInfo]: 'me' },
    { ...envelope(), [META.logLevel]: 'loud' },
  ]
  for (const _meta of metas) {
    const { error } = await wire.request('tools/call', { name: 'echo', _meta })
    assert.is(error?.code, -32602, JSON.stringify(_meta))
    assert.ok(Array.isArray(error?.data?.['envelope']))
  }
  const { [META.clientInfo]: _, ...bare } = envelope()
  assert.is((await wire.request('tools/call', { name: 'echo', _meta: bare })).error, undefined, 'S-META-04')
})

test('T36: a second request with an id that is under way is refused, and the first is answered', async () => {
  const { server, gate } = waiting()
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  wire.sendModern('x', 'tools/call', { name: 'wait', arguments: { key: 1 } })
  wire.sendModern('x', 'tools/call', { name: 'wait', arguments: { key: 2 } })
  wire.send({ id: 'x', method: 'tools/call', params: { name: 'wait', arguments: { key: 3 } } })
  wire.send({ id: 'x', method: 'ping' })
  const refusals = wire.received.slice(1)
  assert.equal(
    refusals.map(({ id, error }) => [id, error?.code]),
    [
      ['x', -32600],
      ['x', -32600],
      ['x', -32600],
    ],
  )
  assert.is(wire.receiver.inFlight, 1)
  gate('1').resolve('first')
  assert.is(textOf(await wire.next(({ id }) => id === 'x')), 'first')
  assert.is(wire.receiver.inFlight, 0)
  wire.sendModern('x', 'tools/call', { name: 'wait', arguments: { key: 4 } })
  gate('4').resolve('again')
  assert.is(textOf(await wire.next(({ id }) => id === 'x')), 'again')
})

test('S-MSG-02: ids are told apart by their type, and come back with it', async () => {
  const { server, gate } = waiting()
  const wire = new Wire(server)
  const ids = [1, '1', 0, '', -5, 'ü', Number.MAX_SAFE_INTEGER]
  for (const id of ids) wire.sendModern(id, 'tools/call', { name: 'wait', arguments: { key: JSON.stringify(id) } })
  for (const id of ids.toReversed()) {
    gate(JSON.stringify(id)).resolve(`answer to ${JSON.stringify(id)}`)
    assert.is(textOf(await wire.next(message => message.id === id)), `answer to ${JSON.stringify(id)}`)
  }
})

test('row 1, T7: 64 clients with the same ids on one server each get their own answers, progress and questions', async () => {
  const server = quiet()
  const gates: (() => void)[] = []
  server.tool('who', { description: 'd', input: { type: 'object' } }, async ({ client, call }: Json, ctx: Context) => {
    await new Promise<void>(resolve => gates.push(resolve))
    void ctx.progress(1, 2, `${String(client)} ${String(call)}`)
    const messages = [{ role: 'user' as const, content: { type: 'text' as const, text: `${String(client)} ${String(call)}` } }]
    const { model } = ctx.can('sample') ? await ctx.sample('k', { messages, maxTokens: 1 }) : { model: 'none' }
    return `${String(client)} ${String(call)} ${model}`
  })
  const CALLS = 20
  const wires = await Promise.all(
    Array.from({ length: 64 }, async (_, client) => {
      const wire = new Wire(server)
      if (client % 2 === 0) {
        await wire.initialize('2025-06-18', { sampling: {} })
        wire.answerWith({
          'sampling/createMessage': params => ({
            role: 'assistant',
            content: { type: 'text', text: '' },
            model: `model-${client} for ${JSON.stringify(params['messages'])}`,
          }),
        })
      }
      for (let call = 1; call <= CALLS; call += 1) {
        const params = { name: 'who', arguments: { client, call }, _meta: { progressToken: call, ...(client % 2 === 0 ? {} : envelope()) } }
        wire.send({ id: call, method: 'tools/call', params })
      }
      return wire
    }),
  )
  await settled()
  // Let go in an order that has nothing to do with that of the calls; re-entered handlers wait again.
  let seed = 7
  const random = (below: number) => (seed = (seed * 16807) % 2147483647) % below
  while (gates.length > 0) {
    for (let count = gates.length; count > 0; count -= 1) gates.splice(random(gates.length), 1)[0]?.()
    await settled()
  }
  for (const [client, wire] of wires.entries()) {
    for (let call = 1; call <= CALLS; call += 1) {
      const reply = wire.received.find(({ id, method }) => id === call && method === undefined)
      const model = client % 2 === 0 ? `model-${client} for [{"role":"user","content":{"type":"text","text":"${client} ${call}"}}]` : 'none'
      assert.is(textOf(reply as never), `${client} ${call} ${model}`)
      const progress = wire.of('notifications/progress').filter(({ params }) => params['progressToken'] === call)
      assert.equal(
        progress.map(({ params }) => params['message']),
        [`${client} ${call}`],
      )
    }
    assert.is(wire.of('sampling/createMessage').length, client % 2 === 0 ? CALLS : 0)
  }
  assert.is(server.busy, 0)
})

test('requests under way are bounded for each connection, batches included', async () => {
  const { server, gate } = waiting({ limits: { inFlight: 3 } })
  const wire = new Wire(server)
  await wire.initialize('2025-03-26')
  const call = (id: number) => ({ id, method: 'tools/call', params: { name: 'wait', arguments: { key: id } } })
  wire.send(call(1))
  wire.sendText(JSON.stringify([2, 3, 4, 5].map(id => ({ jsonrpc: '2.0', ...call(id) }))))
  wire.sendModern(6, 'tools/call', { name: 'wait', arguments: { key: 6 } })
  assert.equal([wire.received.at(-1)?.id, wire.received.at(-1)?.error?.code], [6, 503])
  assert.is(wire.receiver.inFlight, 3)
  const other = new Wire(server)
  other.sendModern(1, 'tools/call', { name: 'wait', arguments: { key: 'other' } })
  gate('other').resolve('fine')
  assert.is(textOf(await other.until(({ id }) => id === 1)), 'fine')
  for (const key of ['2', '3']) gate(key).resolve('done')
  await wire.until(({ id }) => id === 5)
  assert.equal(
    (wire.batches[0] as { id: number; error?: { code: number } }[]).map(({ id, error }) => [id, error?.code]),
    [
      [4, 503],
      [5, 503],
      [2, undefined],
      [3, undefined],
    ],
  )
})

test('S-MSG-03, S-MSG-08, S-MSG-09: what is no message is answered with what is wrong, and the id where there is one', () => {
  const server = echoing()
  const cases: readonly (readonly [text: string, code: number, id?: unknown])[] = [
    ['{', -32700],
    ['"text"', -32600],
    ['[]', -32600],
    ['{"jsonrpc":"1.0","id":1,"method":"x"}', -32600, 1],
    ['{"jsonrpc":"2.0","id":null,"method":"x"}', -32600],
    ['{"jsonrpc":"2.0","id":1.5,"method":"x"}', -32600],
    ['{"jsonrpc":"2.0","id":{},"method":"x"}', -32600],
    ['{"jsonrpc":"2.0","id":"a","method":5}', -32600, 'a'],
    ['{"jsonrpc":"2.0","id":"a","method":"x","params":[]}', -32602, 'a'],
  ]
  for (const [text, code, id] of cases) {
    const wire = new Wire(server)
    wire.receiver.receive(parse(text))
    assert.equal([wire.received[0]?.error?.code, wire.received[0]?.id], [code, id], text)
  }
})

test('S-MSG-06: notices are never answered, whatever is wrong with them', async () => {
  const wire = new Wire(echoing())
  await wire.initialize('2025-06-18')
  for (const text of [
    '{"jsonrpc":"2.0","method":"no/such"}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled"}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{}}}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99,"reason":5}}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":[]}',
    '{"jsonrpc":"2.0","method":"notifications/initialized","params":5}',
    '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo"}}',
    '{"jsonrpc":"2.0","id":99,"result":{}}',
    '{"jsonrpc":"2.0","id":99,"error":{"code":1,"message":"x"}}',
    '{"jsonrpc":"2.0","id":99,"result":5}',
  ]) {
    wire.receiver.receive(parse(text))
    await settled()
    assert.is(wire.received.length, 1, text)
  }
})

test('S-PROG-07, S-PROG-08: cancelling works in both conversations, once, and for what is under way only', async () => {
  const server = quiet()
  const signals: AbortSignal[] = []
  const started = promised()
  server.tool('wait', { description: 'd' }, async (_args, ctx: Context) => {
    signals.push(ctx.signal)
    if (signals.length === 2) started.resolve()
    await new Promise(() => {})
  })
  const wire = new Wire(server)
  await wire.initialize('2025-11-25')
  wire.sendModern(1, 'tools/call', { name: 'wait' })
  wire.send({ id: 2, method: 'tools/call', params: { name: 'wait' } })
  await started.promise
  for (const id of [3, '1', '2']) wire.cancel(id)
  assert.equal(
    signals.map(({ aborted }) => aborted),
    [false, false],
  )
  for (const id of [1, 2, 1, 2]) wire.cancel(id)
  assert.ok(signals.every(({ aborted }) => aborted))
  assert.equal([wire.receiver.inFlight, server.busy, wire.received.length], [0, 2, 1], 'these handlers never return')
})

test('what clients gave up counts until its handler returns: asking and cancelling in a loop starts no more than the limit', async () => {
  const server = quiet({ limits: { inFlight: 2 } })
  const go = promised()
  let running = 0
  server.tool('work', { description: 'd' }, async () => {
    running += 1
    await go.promise
  })
  const wire = new Wire(server)
  for (let id = 1; id <= 20; id += 1) {
    wire.sendModern(id, 'tools/call', { name: 'work' })
    wire.cancel(id)
  }
  assert.is(running, 2)
  assert.is(wire.received.filter(({ error }) => error?.code === 503).length, 18)
  go.resolve()
  while (server.busy > 0) await settled()
  wire.sendModern('next', 'tools/call', { name: 'work' })
  await wire.until(({ id }) => id === 'next')
  assert.is(running, 3)
})

test('a batch may cancel, also what is not in it', async () => {
  const server = quiet()
  const signals: AbortSignal[] = []
  server.tool('wait', { description: 'd' }, (_args, ctx: Context) => {
    signals.push(ctx.signal)
    return new Promise(() => {})
  })
  const wire = new Wire(server)
  await wire.initialize('2025-03-26')
  const before = wire.received.length
  wire.send({ id: 'first', method: 'tools/call', params: { name: 'wait' } })
  const call = { jsonrpc: '2.0', id: 'second', method: 'tools/call', params: { name: 'wait' } }
  const cancel = (requestId: string) => ({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } })
  wire.sendText(JSON.stringify([call, cancel('first'), cancel('second')]))
  assert.equal([signals.map(({ aborted }) => aborted), wire.receiver.inFlight, wire.received.length], [[true, true], 0, before])
})

test('a server without sessions says so: its versions to a handshake, what is missing to all else', async () => {
  const server = echoing({ revisions: ['2026-07-28'] })
  const wire = new Wire(server)
  const reply = await wire.request('initialize', {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'a', version: '1' },
  })
  assert.is(reply.error?.code, -32022)
  assert.equal(reply.error?.data, { supported: ['2026-07-28'], requested: '2025-06-18' })
  assert.match(reply.error?.message as string, '2026-07-28')
  assert.is((await wire.request('tools/list')).error?.code, -32602)
  assert.is((await wire.request('ping')).error?.code, -32602)
  wire.send({ method: 'notifications/initialized' })
  wire.sendText('[{"jsonrpc":"2.0","id":1,"method":"ping"}]')
  assert.is(wire.received.at(-1)?.error?.code, -32600)
  assert.is((await wire.call('echo')).error, undefined)
})

test('a server without the stateless revision serves sessions, and names what it has', async () => {
  const server = echoing({ revisions: ['2025-06-18', '2025-11-25'] })
  const wire = new Wire(server)
  assert.is((await wire.modern('server/discover')).error?.code, -32022)
  assert.is((await wire.initialize('2024-11-05')).result['protocolVersion'], '2025-11-25')
  assert.is(textOf(await wire.request('tools/call', { name: 'echo' })), '["2025-11-25",{},{}]')
})

test('when a connection ends, everything on it ends, and nothing is sent any more', async () => {
  const server = quiet()
  const aborted = promised<unknown>()
  const started = promised()
  server.tool('wait', { description: 'd' }, async (_args, ctx: Context) => {
    ctx.signal.addEventListener('abort', () => aborted.resolve(ctx.signal.reason))
    started.resolve()
    await new Promise(() => {})
  })
  const seen = reports(server)
  const wire = new Wire(server)
  wire.sendModern(1, 'tools/call', { name: 'wait' })
  wire.sendModern(2, 'subscriptions/listen', { notifications: { toolsListChanged: true } })
  await started.promise
  wire.receiver.closed(new Error('reset by peer'))
  assert.is(((await aborted.promise) as Error).message, 'reset by peer')
  assert.equal([wire.receiver.inFlight, server.busy], [0, 1], 'the handler never returns')
  const before = wire.received.length
  wire.sendModern(3, 'tools/list')
  server.tool('new', { description: 'd' }, () => '')
  await settled()
  assert.equal([wire.received.length, seen.length], [before, 0])
})

test('a client that has closed its side still gets its answers; streams end, questions fail', async () => {
  const { server, gate } = waiting()
  server.tool('ask', { description: 'd' }, async (_args, ctx: Context) => (await ctx.roots()).length)
  const seen = reports(server)
  const wire = new Wire(server)
  await wire.initialize('2025-06-18', { roots: {} })
  wire.sendModern('l', 'subscriptions/listen', { notifications: { toolsListChanged: true } })
  wire.send({ id: 'q', method: 'tools/call', params: { name: 'ask' } })
  wire.send({ id: 'w', method: 'tools/call', params: { name: 'wait', arguments: { key: 1 } } })
  await wire.until(({ method }) => method === 'roots/list')
  wire.receiver.drain?.()
  assert.is((await wire.until(({ id }) => id === 'l')).result['resultType'], 'complete')
  assert.is(textOf(await wire.until(({ id }) => id === 'q')), 'The client left before it answered')
  assert.is(wire.receiver.inFlight, 1)
  gate('1').resolve('done')
  assert.is(textOf(await wire.until(({ id }) => id === 'w')), 'done')
  assert.equal([wire.receiver.inFlight, seen.length], [0, 0])
  wire.send({ id: 'q2', method: 'tools/call', params: { name: 'ask' } })
  assert.is(textOf(await wire.until(({ id }) => id === 'q2')), 'The client left before it answered')
})

test.run()
