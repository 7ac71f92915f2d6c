/** Verdicts on endpoints. */
import { fakeClock, type Revision } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '../../src/client.ts'
import { Verdicts } from '../../src/heal/verdict.ts'
import { sessional, SILENCE, stateless } from '../scripted.ts'

const test = suite('verdict')

const endpoint = (target: string): never => ({ transport: 'http', target }) as never

test('C-VER-11: what was found out about an endpoint is not found out again', async () => {
  const peer = sessional('2025-06-18')
  const first = await Client.open(peer.connector)
  const second = await Client.open(peer.connector)
  assert.equal([first.revision, second.revision], ['2025-06-18', '2025-06-18'])
  assert.is(peer.all('server/discover').length, 1)
  assert.is(peer.all('initialize').length, 2)
  await Promise.all([first.close(), second.close()])
})

test('C-VER-11, C-LEG-02: the newest session revision is proposed each time, so a server that learns it is believed', async () => {
  const peer = sessional('2025-06-18')
  await (await Client.open(peer.connector)).close()
  await (await Client.open(peer.connector)).close()
  assert.equal(
    peer.all('initialize').map(({ params }) => params['protocolVersion']),
    ['2025-11-25', '2025-11-25'],
  )
})

test('C-VER-11: a verdict that is contradicted is forgotten', async () => {
  const old = sessional('2025-06-18')
  await (await Client.open(old.connector)).close()
  const grown = stateless()
  const target = old.connector.target as string
  const client = await Client.open({ ...grown.connector, target })
  assert.is(client.revision, '2026-07-28')
  await client.close()
  const again = await Client.open({ ...sessional('2025-11-25').connector, target })
  assert.is(again.revision, '2025-11-25')
  await again.close()
})

test('silence is no verdict: a server that was only slow is asked again', async () => {
  const clock = fakeClock()
  let slow = true
  const peer = sessional('2025-11-25', {
    'server/discover': () => {
      if (slow) return SILENCE
      return { supportedVersions: ['2026-07-28'], capabilities: {}, resultType: 'complete', ttlMs: 0, cacheScope: 'public' }
    },
  })
  const opening = Client.open(peer.connector, { clock, probeTimeout: 100 })
  await peer.next(({ method }) => method === 'server/discover')
  clock.advance(100)
  assert.is((await opening).revision, '2025-11-25')
  slow = false
  const client = await Client.open(peer.connector)
  assert.is(client.revision, '2026-07-28')
  await client.close()
})

test('C-VER-12: a revision that is asked for counts more than a verdict', async () => {
  const peer = sessional('2025-06-18')
  await (await Client.open(peer.connector)).close()
  const client = await Client.open(peer.connector, { prefer: '2026-07-28' })
  assert.is(peer.all('server/discover').length, 2)
  await client.close()
})

test('verdicts expire, are bounded, and are not kept where all targets read alike', () => {
  const clock = fakeClock()
  const verdicts = new Verdicts(clock)
  const revision: Revision = '2025-11-25'
  verdicts.set(endpoint('a'), revision)
  assert.is(verdicts.get(endpoint('a')), revision)
  clock.advance(3_600_000)
  assert.is(verdicts.get(endpoint('a')), undefined)
  for (let i = 0; i < 1001; i++) verdicts.set(endpoint(`e${i}`), revision)
  assert.is(verdicts.get(endpoint('e0')), undefined)
  assert.is(verdicts.get(endpoint('e1000')), revision)
  verdicts.set({ transport: 'memory', target: 'x' } as never, revision)
  assert.is(verdicts.get({ transport: 'memory', target: 'x' } as never), undefined)
})

test.run()
