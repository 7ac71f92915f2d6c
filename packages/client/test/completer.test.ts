/** Suggestions while somebody types. */
import { getEventListeners } from 'node:events'
import { fakeClock, type JsonObject } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '../src/client.ts'
import { failureOf, type Peer, Refusal, type Script, sessional, settled, SILENCE, stateless } from './scripted.ts'

const test = suite('completer')

const REF = { type: 'ref/prompt', name: 'review' } as const
const suggesting: Script = params => {
  const { value } = params['argument'] as { value: string }
  return { completion: { values: [`${value}!`] } }
}

const SIDES = {
  exchange: (script: Script) => stateless({ 'completion/complete': script }, {}, { completions: {} }),
  session: (script: Script) => sessional('2025-11-25', { 'completion/complete': script }, {}, { completions: {} }),
}

const asked = (peer: Peer): unknown[] => peer.all('completion/complete').map(({ params }) => (params['argument'] as JsonObject)['value'])

for (const [name, serve] of Object.entries(SIDES)) {
  test(`${name}: C-UTIL-10: the server is asked once the typing rests, for what is typed by then`, async () => {
    const clock = fakeClock()
    const peer = serve(suggesting)
    const client = await Client.open(peer.connector, { clock })
    const completer = client.completer(REF, { quiet: 100 })
    const suggestions = ['p', 'py', 'pyt'].map(value => {
      clock.advance(60)
      return completer.suggest({ name: 'language', value }, { style: 'short' })
    })
    assert.equal(asked(peer), [])
    clock.advance(100)
    assert.equal(await Promise.all(suggestions), [undefined, undefined, { values: ['pyt!'] }])
    assert.equal(asked(peer), ['pyt'])
    assert.equal(peer.all('completion/complete')[0]?.params['context'], { arguments: { style: 'short' } })
  })

  test(`${name}: C-UTIL-10: what is typed over while the server thinks is called off`, async () => {
    const clock = fakeClock()
    const peer = serve((params, sent, self) =>
      (params['argument'] as JsonObject)['value'] === 'p' ? SILENCE : suggesting(params, sent, self),
    )
    const client = await Client.open(peer.connector, { clock })
    const completer = client.completer(REF)
    const first = completer.suggest({ name: 'language', value: 'p' })
    clock.advance(150)
    await settled()
    assert.equal(asked(peer), ['p'])
    const second = completer.suggest({ name: 'language', value: 'py' })
    assert.is(await first, undefined)
    assert.is(peer.all('notifications/cancelled').length, 1)
    clock.advance(150)
    assert.equal(await second, { values: ['py!'] })
  })

  test(`${name}: C-UTIL-10: an answer that says little, or nonsense, is no error`, async () => {
    for (const [said, heard] of [
      [{ completion: { values: ['a', 7, 'b'], total: 9, hasMore: true } }, { total: 9, hasMore: true, values: ['a', 'b'] }],
      [{ completion: {} }, { values: [] }],
      [{}, { values: [] }],
    ] as const) {
      const client = await Client.open(serve(() => said).connector)
      assert.equal(await client.complete(REF, { name: 'language', value: '' }), heard)
    }
  })
}

test('what fails, fails; closing and aborting end it', async () => {
  const clock = fakeClock()
  const peer = SIDES.exchange(() => {
    throw new Refusal(-32602, 'No such prompt')
  })
  const client = await Client.open(peer.connector, { clock })
  const controller = new AbortController()
  const completer = client.completer(REF, { signal: controller.signal })
  const refused = failureOf(completer.suggest({ name: 'language', value: 'p' }))
  clock.advance(150)
  assert.is((await refused).message, 'No such prompt')
  const closed = completer.suggest({ name: 'language', value: 'py' })
  completer.close()
  assert.is(await closed, undefined)
  const aborted = failureOf(completer.suggest({ name: 'language', value: 'pyt' }))
  controller.abort()
  assert.is((await aborted)['code'], 'CANCELLED')
  assert.is((await failureOf(completer.suggest({ name: 'language', value: 'pyth' })))['code'], 'CANCELLED')
  assert.equal(asked(peer), ['p'])
  assert.is(getEventListeners(controller.signal, 'abort').length, 0)
  assert.is(clock.pending, 1, 'that of requests, which sleeps on')
})

test.run()
