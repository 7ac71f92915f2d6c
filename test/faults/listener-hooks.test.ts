/** Listeners that throw: every event of a server, one listener that fails before one that does not. */
import type { ServerEvents } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, call, modern, openSession, stream, type Answer } from '../../packages/http/test/wire.ts'
import { Scene, WAYS } from './scene.ts'

const test = suite('listeners')

/** What makes an event happen. Gives what clients were told. */
const CAUSES: Readonly<Record<keyof ServerEvents, (scene: Scene) => Promise<readonly Answer[]>>> = {
  'call.finished': scene => scene.ask('tools/call', { name: 'x' }),
  'error.reported': scene => scene.ask('tools/call', { name: 'breaks' }),
  'log.written': scene => scene.ask('tools/call', { name: 'x' }),
  async 'catalog.changed'(scene) {
    scene.server.tool('y', {}, () => 'y')
    return scene.ask('tools/call', { name: 'y' })
  },
  'connection.opened': scene => scene.ask('tools/list'),
  'connection.closed': scene => scene.ask('tools/list'),
  'session.opened': scene => scene.ask('tools/list'),
  'session.closed': scene => scene.ask('tools/list'),
  async 'roots.changed'(scene) {
    const headers = await openSession(scene.port)
    const told = await ask(scene.port, { headers, body: { jsonrpc: '2.0', method: 'notifications/roots/list_changed' } })
    assert.is(told.status, 202)
    return [await ask(scene.port, { headers, body: call('x') })]
  },
  'subscription.opened': listening,
  'subscription.closed': listening,
}

async function listening(scene: Scene): Promise<readonly Answer[]> {
  const { headers, body } = modern('subscriptions/listen', { notifications: { toolsListChanged: true } })
  const events = scene.watch(await stream(scene.port, { headers, body }))
  await scene.hears(events)
  return []
}

for (const [event, provoke] of Object.entries(CAUSES) as [keyof ServerEvents, (typeof CAUSES)[keyof ServerEvents]][]) {
  for (const way of WAYS) {
    test(`a listener of ${event} that ${way} is reported once, and nobody else notices`, async () => {
      let heard = 0
      const scene = await Scene.open(way, scene => ({
        furnish(server) {
          server.on(event, () => (scene.armed ? scene.fail() : undefined))
          server.on(event, () => void (heard += scene.armed ? 1 : 0))
          server.tool('x', {}, (_, ctx) => {
            ctx.log.info('told')
            return 'done'
          })
          server.tool('breaks', {}, () => {
            throw new Error('of another kind')
          })
        },
      }))
      for (const { status } of await provoke(scene)) assert.is(status, 200)
      scene.armed = false
      assert.is(heard, scene.thrown.length, 'the listener after it')
      // One that fails while a failure is reported is the last to be told.
      await scene.judge({ silent: event === 'error.reported' })
    })
  }
}

test.run()
