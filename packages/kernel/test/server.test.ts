import { fakeClock, memoryBus, type Listener, type Service, type Transport } from '@oarlock/protocol'
import { Server, type Context } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messagesOf, promised, quiet, reports } from './stage.ts'
import { settled, textOf, Wire } from './wire.ts'

const test = suite('server')

/** A transport that writes down what is done to it. */
function transport(
  log: string[],
  name: string,
  options: { readonly fails?: 'listen' | 'close'; readonly ended?: Promise<void> } = {},
): Transport {
  return {
    async listen(service: Service): Promise<Listener> {
      if (options.fails === 'listen') throw new Error(`${name} cannot listen`)
      log.push(`${name} listens with ${service.revisions.length}`)
      return {
        address: name,
        stop: () => void log.push(`${name} stops`),
        close() {
          log.push(`${name} closes`)
          if (options.fails === 'close') throw new Error(`${name} cannot close`)
        },
        ...(options.ended === undefined ? {} : { ended: options.ended }),
      }
    },
  }
}

test('a server needs a name and a version, and speaks all revisions unless told otherwise', () => {
  assert.equal(quiet().revisions, ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'])
  assert.equal(quiet({ revisions: ['2026-07-28', '2025-06-18'] }).revisions, ['2025-06-18', '2026-07-28'])
  assert.throws(() => quiet({ revisions: [] }), /at least one/)
  assert.throws(() => quiet({ pageSize: 0 }), /pageSize/)
  assert.equal(new Server({ name: 'a', version: '1', log: false }).info, { name: 'a', version: '1' })
})

test('it listens on several transports, and closes them in order', async () => {
  const log: string[] = []
  const server = quiet()
  const listeners = await server.listen(transport(log, 'one'), transport(log, 'two'))
  assert.equal(
    listeners.map(({ address }) => address),
    ['one', 'two'],
  )
  await Promise.all([server.close(), server.close()])
  assert.equal(log, ['one listens with 5', 'two listens with 5', 'one stops', 'two stops', 'one closes', 'two closes'])
})

test('when one transport cannot start, those that did are closed', async () => {
  const log: string[] = []
  const server = quiet()
  try {
    await server.listen(transport(log, 'one'), transport(log, 'two', { fails: 'listen' }), transport(log, 'three'))
    assert.unreachable()
  } catch (error) {
    assert.is((error as Error).message, 'two cannot listen')
  }
  assert.equal(log, ['one listens with 5', 'one closes'])
})

test('a transport that cannot close is reported and does not keep the others open', async () => {
  const log: string[] = []
  const server = quiet()
  const seen = reports(server)
  await server.listen(transport(log, 'one', { fails: 'close' }), transport(log, 'two'))
  await server.close()
  assert.is(log.at(-1), 'two closes')
  assert.equal([messagesOf(seen), seen[0]?.where], [['one cannot close'], 'one'])
})

test('a server that is closed, or closes meanwhile, does not listen', async () => {
  const log: string[] = []
  const server = quiet()
  const slow: Transport = {
    async listen(service) {
      await settled()
      return transport(log, 'slow').listen(service)
    },
  }
  const listening = server.listen(slow).catch((error: unknown) => (error as Error).message)
  await server.close()
  assert.is(await listening, 'The server is closed')
  assert.equal(log, ['slow listens with 5', 'slow closes'])
  assert.is(await server.listen(transport(log, 'late')).catch((error: unknown) => (error as Error).message), 'The server is closed')
})

test('closing lets work finish, refuses what comes late, and then stops providers', async () => {
  const server = quiet()
  const gate = promised<string>()
  const log: string[] = []
  server.tool('work', { description: 'd' }, () => gate.promise)
  server.offer({
    components: () => [],
    attach: () => async () => {
      await settled()
      log.push('provider stops')
    },
  })
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  const [one, two] = [wire.call('work'), wire.request('tools/call', { name: 'work' })]
  assert.is(server.busy, 2)
  const closing = server.close().then(() => log.push('closed'))
  for (const late of [await wire.call('work'), await wire.request('tools/list'), await new Wire(server).initialize('2025-06-18')]) {
    assert.is(late.error?.code, 503)
  }
  assert.equal(log, [])
  gate.resolve('done')
  assert.equal([textOf(await one), textOf(await two)], ['done', 'done'])
  await closing
  assert.equal(log, ['provider stops', 'closed'])
})

test('work that takes longer than it may is told to stop, and its last words are sent', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const started = promised()
  server.tool('polite', { description: 'd' }, async (_args, ctx: Context) => {
    await new Promise<void>(resolve => ctx.signal.addEventListener('abort', () => resolve()))
    return `stopped: ${(ctx.signal.reason as Error).message}`
  })
  server.tool('obedient', { description: 'd' }, async (_args, ctx: Context) => {
    await new Promise((_, reject) => ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason)))
  })
  server.tool('deaf', { description: 'd' }, async () => {
    started.resolve()
    await new Promise(() => {})
  })
  const seen = reports(server)
  const wire = new Wire(server)
  const [polite, obedient] = [wire.call('polite'), wire.call('obedient')]
  void wire.call('deaf')
  await started.promise
  const closing = server.close({ within: '5s' })
  clock.advance(4_999)
  await settled()
  assert.equal(wire.received, [])
  clock.advance(1)
  assert.is(textOf(await polite), 'stopped: The server is shutting down')
  assert.is((await obedient).error?.code, 503)
  clock.advance(250)
  await closing
  assert.equal([seen.length, server.busy, clock.pending], [0, 1, 0], 'the deaf one is left behind')
})

test('closing leaves no timer behind, and tells what waits to be told', async () => {
  const clock = fakeClock()
  const server = quiet({ clock, features: { tools: true } })
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  server.tool('t', { description: 'd' }, () => '')
  await server.close()
  assert.equal([wire.methods, clock.pending], [['notifications/tools/list_changed'], 0])
})

test('a server can be used until the end of a block', async () => {
  const log: string[] = []
  {
    await using server = quiet()
    await server.listen(transport(log, 'one'))
  }
  assert.equal(log, ['one listens with 5', 'one stops', 'one closes'])
})

test('when its last transport has ended by itself, the server closes', async () => {
  const server = quiet()
  const ends = [promised(), promised()]
  const log: string[] = []
  const closed = promised()
  server.offer({ components: () => [], attach: () => () => closed.resolve() })
  await server.listen(...ends.map(({ promise }, index) => transport(log, `${index}`, { ended: promise })))
  ends[0]?.resolve()
  await settled()
  assert.not(log.includes('1 stops'))
  ends[1]?.reject(new Error('broken pipe'))
  await closed.promise
})

test('facts go to every process that shares a bus, and to each client once', async () => {
  const bus = memoryBus()
  const [clocks, servers] = [[fakeClock(), fakeClock()], [] as ReturnType<typeof quiet>[]]
  for (const clock of clocks) {
    const server = quiet({ bus, clock })
    server.resource('r', { uri: 'x://r', description: 'd' }, () => '')
    servers.push(server)
  }
  const wires = servers.map(server => new Wire(server))
  for (const wire of wires) wire.sendModern(1, 'subscriptions/listen', { notifications: { resourceSubscriptions: ['x://r'] } })
  servers[0]?.resourceUpdated('x://r')
  await settled()
  for (const clock of clocks) clock.advance(50)
  for (const wire of wires) assert.is(wire.of('notifications/resources/updated').length, 1)
})

test('errors go to the console’s error stream unless told otherwise', async () => {
  const lines: string[] = []
  const original = console.error
  console.error = (line: string) => void lines.push(line)
  try {
    for (const options of [{}, { log: false as const }]) {
      const server = new Server({ name: 'a', version: '1', ...options })
      server.report(new Error('down'), 'disk')
    }
  } finally {
    console.error = original
  }
  assert.is(lines.length, 1)
  assert.match(lines[0] as string, '"where":"disk"')
})

test.run()
