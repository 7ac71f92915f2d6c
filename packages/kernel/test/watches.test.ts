import { fakeClock } from '@oarlock/protocol'
import type { Watch } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messagesOf, promised, quiet, reports } from './stage.ts'
import { settled, Wire } from './wire.ts'

const test = suite('watches')

function watching(): { readonly watch: Watch; readonly log: string[]; readonly update: (uri: string) => void } {
  const log: string[] = []
  const updates = new Map<string, () => void>()
  const watch: Watch = (uri, updated) => {
    log.push(`start ${uri}`)
    updates.set(uri, updated)
    return () => void log.push(`stop ${uri}`)
  }
  return { watch, log, update: uri => updates.get(uri)?.() }
}

async function listening(wire: Wire, id: number, ...uris: string[]): Promise<void> {
  wire.sendModern(id, 'subscriptions/listen', { notifications: { resourceSubscriptions: uris } })
  await settled()
}

test('a source is watched while somebody listens, and its updates reach them', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const { watch, log, update } = watching()
  server.template('log', { uri: 'logs://{name}', description: 'd', watch }, () => 'log')
  const [one, two] = [new Wire(server), new Wire(server)]
  await listening(one, 1, 'logs://a')
  await listening(two, 1, 'logs://a', 'logs://b')
  assert.equal(log, ['start logs://a', 'start logs://b'])
  update('logs://a')
  update('logs://a')
  clock.advance(50)
  for (const wire of [one, two]) assert.equal(wire.of('notifications/resources/updated').length, 1)
  one.cancel(1)
  await settled()
  assert.is(log.length, 2)
  two.close()
  await settled()
  assert.equal(log.slice(2).toSorted(), ['stop logs://a', 'stop logs://b'])
})

test('sessions start and stop watches by subscribing and unsubscribing', async () => {
  const server = quiet()
  const { watch, log } = watching()
  server.resource('config', { uri: 'x://config', description: 'd', watch }, () => '')
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  await wire.request('resources/subscribe', { uri: 'x://config' })
  await wire.request('resources/subscribe', { uri: 'x://config' })
  await wire.request('resources/unsubscribe', { uri: 'x://config' })
  await settled()
  assert.equal(log, ['start x://config', 'stop x://config'])
})

test('a watch that is still starting when its last listener left is stopped', async () => {
  const server = quiet()
  const [started, stopped] = [promised(), promised()]
  server.resource('config', { uri: 'x://c', description: 'd', watch: async () => (await started.promise, stopped.resolve) }, () => '')
  const wire = new Wire(server)
  await listening(wire, 1, 'x://c')
  wire.close()
  started.resolve()
  await stopped.promise
})

const ACK = 'notifications/subscriptions/acknowledged'

/** A server whose one resource begins to be watched when told to. */
function starting(clock = fakeClock()) {
  const server = quiet({ clock })
  const started = promised()
  let changed = (): void => {}
  const watch: Watch = async (_, updated) => {
    await started.promise
    changed = updated
    return () => {}
  }
  server.resource('config', { uri: 'x://c', description: 'd', watch }, () => '')
  return { server, clock, started, change: () => (changed(), clock.advance(50)) }
}

test('nothing is acknowledged before its source is watched: whatever changes from then on is told', async () => {
  const { server, started, change } = starting()
  const [stream, session] = [new Wire(server), new Wire(server)]
  await session.initialize('2025-06-18')
  await listening(stream, 1, 'x://c')
  // The second subscriber waits for the same start.
  const subscribed = session.request('resources/subscribe', { uri: 'x://c' })
  await settled()
  assert.equal(stream.methods, [])
  assert.is(session.of('notifications/resources/updated').length, 0)
  started.resolve()
  await subscribed
  assert.equal(stream.methods, [ACK])
  change()
  for (const wire of [stream, session]) assert.is(wire.of('notifications/resources/updated').length, 1)
})

test('a source that is slow to be watched is not waited for longer than two seconds', async () => {
  const { server, clock } = starting()
  const wire = new Wire(server)
  await listening(wire, 1, 'x://c')
  clock.advance(1_999)
  await settled()
  assert.equal(wire.methods, [])
  clock.advance(1)
  await settled()
  assert.equal(wire.methods, [ACK])
})

test('a subscription that ends while its source is being watched is never acknowledged', async () => {
  const { server, started, change } = starting()
  const wire = new Wire(server)
  await listening(wire, 1, 'x://c')
  wire.cancel(1)
  started.resolve()
  await settled()
  change()
  assert.equal(wire.methods, [])
})

test('a watch that cannot start, or stop, is reported once', async () => {
  const server = quiet()
  const seen = reports(server)
  const fails = (message: string) => () => {
    throw new Error(message)
  }
  server.resource('a', { uri: 'x://a', description: 'd', watch: fails('no start') }, () => '')
  server.resource('b', { uri: 'x://b', description: 'd', watch: () => fails('no stop') }, () => '')
  const slowly = async () => {
    throw new Error('no stop, slowly')
  }
  server.resource('c', { uri: 'x://c', description: 'd', watch: () => slowly }, () => '')
  const wire = new Wire(server)
  await listening(wire, 1, 'x://a', 'x://b', 'x://c')
  wire.close()
  await settled()
  assert.equal(messagesOf(seen), ['no start', 'no stop', 'no stop, slowly'])
})

test('when the component at a URI is replaced, so is its watch', async () => {
  const server = quiet()
  const [before, after] = [watching(), watching()]
  const options = { uri: 'x://c', description: 'd' }
  const offer = server.resource('c', { ...options, watch: before.watch }, () => '')
  server.resource('other', { uri: 'x://other', description: 'd' }, () => '')
  const wire = new Wire(server)
  await listening(wire, 1, 'x://c')
  offer.remove()
  server.resource('c', { ...options, watch: after.watch }, () => '')
  await settled()
  assert.equal([before.log, after.log], [['start x://c', 'stop x://c'], ['start x://c']])
  wire.close()
  await settled()
  assert.equal(after.log, ['start x://c', 'stop x://c'])
})

test('a source that cannot be watched is reported, and whoever subscribed stays subscribed', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const seen = reports(server)
  const throws: Watch = () => {
    throw new Error('thrown')
  }
  server.resource('a', { uri: 'x://a', description: 'd', watch: throws }, () => '')
  server.resource('b', { uri: 'x://b', description: 'd', watch: () => Promise.reject(new Error('rejected')) }, () => '')
  const [session, stream] = [new Wire(server), new Wire(server)]
  await session.initialize('2025-11-25')
  for (const uri of ['x://a', 'x://b']) assert.equal((await session.request('resources/subscribe', { uri })).result, {})
  await listening(stream, 1, 'x://a', 'x://b')
  assert.equal(
    seen.map(({ where, cause }) => [where, (cause as Error).message]),
    [
      ['watch of x://a', 'thrown'],
      ['watch of x://b', 'rejected'],
    ],
  )
  for (const uri of ['x://a', 'x://b']) server.resourceUpdated(uri)
  clock.advance(50)
  for (const wire of [session, stream]) {
    assert.equal(
      wire.of('notifications/resources/updated').map(({ params }) => params['uri']),
      ['x://a', 'x://b'],
    )
  }
})

test('a source that cannot be watched yet is tried again, ever more rarely, and told as changed when it can', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const seen = reports(server)
  let tries = 0
  const watch: Watch = async () => {
    tries += 1
    if (tries < 3) throw new Error('not yet')
    return () => {}
  }
  server.resource('a', { uri: 'x://a', description: 'd', watch }, () => '')
  const wire = new Wire(server)
  await listening(wire, 1, 'x://a')
  assert.equal([tries, seen.length, wire.methods], [1, 1, [ACK]])
  clock.advance(1_000)
  await settled()
  clock.advance(1_999)
  await settled()
  assert.is(tries, 2)
  clock.advance(1)
  await settled()
  clock.advance(50)
  assert.equal([tries, seen.length, wire.of('notifications/resources/updated').length], [3, 2, 1])
})

test('what cannot be watched is not tried again when nobody follows it', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  let tries = 0
  const watch: Watch = () => {
    tries += 1
    throw new Error('not yet')
  }
  server.resource('a', { uri: 'x://a', description: 'd', watch }, () => '')
  const wire = new Wire(server)
  await listening(wire, 1, 'x://a')
  wire.cancel(1)
  clock.advance(120_000)
  await settled()
  assert.is(tries, 1)
})

test.run()
