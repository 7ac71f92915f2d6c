/** A hook that a request passes through, and what has to come of it when it fails. */
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, modern, openSession, stream } from '../../packages/http/test/wire.ts'
import { Scene, WAYS, type SceneOptions, type Way } from './scene.ts'

export type Request = readonly [method: string, params: Record<string, unknown>]

export interface Hook {
  readonly build: (scene: Scene) => SceneOptions
  readonly request: Request
  /** What the caller is told: masked, unless it says so. */
  readonly told?: RegExp
  /** Hooks that must answer at once: a promise of theirs is a mistake of its own. */
  readonly only?: Way
}

/** A test for each hook and each way in which it may fail. */
export function provoke(test: Test, hooks: Readonly<Record<string, Hook>>): void {
  for (const [name, { build, request, told = /Error id: [\w-]+/, only }] of Object.entries(hooks)) {
    for (const way of only === undefined ? WAYS : [only]) {
      test(`${name} ${way}: its caller is told an id, the log is told once, and nobody else notices`, async () => {
        const scene = await Scene.open(way, build)
        for (const { text } of await scene.ask(...request)) assert.match(text, told, text.slice(0, 600))
        await scene.judge()
      })
    }
  }
}

/** Subscribes to `x://one` in both conversations at once, hears of a change, and leaves. */
export async function subscribed(scene: Scene): Promise<void> {
  const { headers, body } = modern('subscriptions/listen', { notifications: { resourceSubscriptions: ['x://one'] } })
  const events = scene.watch(await stream(scene.port, { headers, body }))
  assert.equal((await events.message()).params.notifications.resourceSubscriptions, ['x://one'])
  const session = await openSession(scene.port)
  const news = scene.watch(await stream(scene.port, { method: 'GET', headers: { ...session, accept: 'text/event-stream' } }))
  const subscribe = { jsonrpc: '2.0', id: 1, method: 'resources/subscribe', params: { uri: 'x://one' } }
  assert.equal(scene.heard(await ask(scene.port, { headers: session, body: subscribe })).json.result, {})
  scene.server.resourceUpdated('x://one')
  assert.is((await events.message()).params.uri, 'x://one')
  assert.is((await news.message()).params.uri, 'x://one')
  await scene.leave(events)
  const ended = await ask(scene.port, { method: 'DELETE', headers: session })
  assert.is(ended.status, 200)
  await news.ended
}
