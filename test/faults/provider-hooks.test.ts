/** Exceptions in providers: what they offer, how they begin and end, what they watch. */
import { defineResource, type ProviderHost } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { subscribed } from './hook.ts'
import { Scene, WAYS } from './scene.ts'

const test = suite('hooks of providers')

const page = (uri: string) => defineResource(uri, { uri }, () => 'read', { origin: 'provider' })

test('components of a provider that throw when they changed: what was offered before stays', async () => {
  let host: ProviderHost | undefined
  const scene = await Scene.open('throws', scene => ({
    furnish: server =>
      server.offer({
        name: 'provider',
        components: () => (scene.armed ? scene.fail() : [page('x://one')]),
        attach: given => void (host = given),
      }),
  }))
  host?.changed()
  for (const { json } of await scene.ask('resources/read', { uri: 'x://one' })) assert.is(json.result.contents[0].text, 'read')
  await scene.judge({ times: 1 })
})

test('components of a provider that throw when they are offered: whoever offers is told', async () => {
  const scene = await Scene.open('throws', () => ({}))
  assert.throws(() => scene.server.offer({ components: scene.fail }), /hunter2/)
  await scene.judge({ silent: true })
})

for (const way of WAYS) {
  test(`attaching a provider ${way}: what it offers is served`, async () => {
    const scene = await Scene.open(way, ({ fail }) => ({
      furnish: server => server.offer({ components: () => [page('x://one')], attach: fail }),
    }))
    for (const { json } of await scene.ask('resources/read', { uri: 'x://one' })) assert.is(json.result.contents[0].text, 'read')
    await scene.judge({ times: 1 })
  })

  test(`detaching a provider ${way}, withdrawn or at the end: the server closes all the same`, async () => {
    const scene = await Scene.open(way, ({ fail }) => ({
      furnish(server) {
        server.offer({ components: () => [page('x://one')], attach: () => fail })
        server.offer({ components: () => [page('x://two')], attach: () => fail }).remove()
      },
    }))
    await scene.ask('resources/read', { uri: 'x://one' })
    await scene.close()
    assert.is(scene.thrown.length, 2)
    assert.equal(new Set(scene.reported), new Set(scene.thrown))
    assert.is(scene.reported.length, 2)
  })

  test(`watching a resource ${way}: it is subscribed nevertheless`, async () => {
    const scene = await Scene.open(way, ({ fail }) => ({
      furnish: server => server.resource('x', { uri: 'x://one', watch: fail }, () => 'read'),
    }))
    await subscribed(scene)
    await scene.judge({ times: 1 })
  })

  test(`no longer watching a resource ${way}: it can be watched again`, async () => {
    const scene = await Scene.open(way, ({ fail }) => ({
      furnish: server => server.resource('x', { uri: 'x://one', watch: () => fail }, () => 'read'),
    }))
    await subscribed(scene)
    await subscribed(scene)
    await scene.judge({ times: 2 })
  })
}

test.run()
