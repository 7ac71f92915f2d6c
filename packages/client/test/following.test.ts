/** What is followed is kept up to date, and a burst of news costs one look. */
import { fakeClock, META } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '../src/client.ts'
import type { ClientOptions } from '../src/options.ts'
import { failureOf, type Peer, Refusal, type Script, sessional, settled, SILENCE, stateless } from './scripted.ts'

const test = suite('following')

const ALL = { tools: { listChanged: true }, prompts: { listChanged: true }, resources: { listChanged: true, subscribe: true } }
const KEPT = { ttlMs: 1_000_000, cacheScope: 'public' }

/** A server whose lists have one item: how often they were read. */
function counted(): Record<string, Script> {
  const counts = new Map<string, number>()
  const count = (key: string): number => {
    counts.set(key, (counts.get(key) ?? 0) + 1)
    return counts.get(key) as number
  }
  const inputSchema = { type: 'object' }
  return {
    'tools/list': () => ({ tools: [{ name: `tool-${count('tools')}`, inputSchema }], ...KEPT }),
    'prompts/list': () => ({ prompts: [{ name: `prompt-${count('prompts')}` }], ...KEPT }),
    'resources/list': () => ({ resources: [{ name: 'r', uri: `a://${count('resources')}` }], ...KEPT }),
    'resources/templates/list': () => ({ resourceTemplates: [{ name: 't', uriTemplate: `t://${count('templates')}` }], ...KEPT }),
    'resources/read': ({ uri }) => ({ contents: [{ uri, text: String(count(`read ${String(uri)}`)) }], ...KEPT }),
  }
}

interface Side {
  readonly client: Client
  readonly peer: Peer
  readonly clock: ReturnType<typeof fakeClock>
  readonly warnings: string[]
  readonly tell: (method: string, params?: object) => void
}

async function exchange(script: Record<string, Script> = {}, options: ClientOptions = {}): Promise<Side> {
  const listen: Script = (params, { id }, self) => {
    self.notify('notifications/subscriptions/acknowledged', { notifications: params['notifications'], _meta: { [META.subscription]: id } })
    return SILENCE
  }
  const peer = stateless({ ...counted(), 'subscriptions/listen': listen, ...script }, {}, ALL)
  const tell: Side['tell'] = (method, params) =>
    peer.notify(method, { ...params, _meta: { [META.subscription]: peer.all('subscriptions/listen').at(-1)?.id } })
  return side(peer, tell, options)
}

async function session(script: Record<string, Script> = {}, options: ClientOptions = {}, capabilities: object = ALL): Promise<Side> {
  const subscribing = { 'resources/subscribe': () => ({}), 'resources/unsubscribe': () => ({}) }
  const peer = sessional('2025-11-25', { ...counted(), ...subscribing, ...script }, {}, capabilities)
  return side(peer, (method, params) => peer.notify(method, params), options)
}

async function side(peer: Peer, tell: Side['tell'], options: ClientOptions): Promise<Side> {
  const clock = fakeClock()
  const client = await Client.open(peer.connector, { clock, ...options })
  const warnings: string[] = []
  client.on('warning.reported', ({ cause }) => void warnings.push((cause as Error).message))
  return { client, peer, clock, warnings, tell }
}

for (const [name, open] of Object.entries({ exchange, session })) {
  test(`${name}: C-SUB-07: whoever follows is told what there is, and after a burst of news what there is then`, async () => {
    const { client, clock, tell, peer } = await open()
    const told: string[] = []
    const following = client.follow({
      tools: tools => void told.push(...tools.map(tool => tool.name)),
      prompts: prompts => void told.push(...prompts.map(prompt => prompt.name)),
      resources: resources => void told.push(...resources.map(resource => resource.uri)),
      templates: templates => void told.push(...templates.map(template => template.uriTemplate)),
      contents: {
        'note://a': ([content]) => void told.push(`a ${(content as { text: string }).text}`),
        'note://b': () => void told.push('b'),
      },
    })
    await following.ready
    assert.equal(told.splice(0).toSorted(), ['a 1', 'a://1', 'b', 'prompt-1', 't://1', 'tool-1'])
    for (let i = 0; i < 50; i++) {
      tell('notifications/tools/list_changed')
      tell('notifications/resources/updated', { uri: 'note://a' })
      clock.advance(10)
    }
    await settled()
    assert.equal(told, [])
    clock.advance(300)
    await settled()
    assert.equal(told.splice(0).toSorted(), ['a 2', 'tool-2'])
    tell('notifications/resources/list_changed')
    await settled()
    clock.advance(300)
    await settled()
    assert.equal(told.splice(0).toSorted(), ['a://2', 't://2'])
    assert.is(peer.all('tools/list').length, 2)
    following.close()
    tell('notifications/tools/list_changed')
    clock.advance(10_000)
    await settled()
    assert.equal(told, [])
  })

  test(`${name}: C-SUB-07: news that does not stop is not waited for`, async () => {
    const { client, clock, tell } = await open()
    let times = 0
    await client.follow({ tools: () => void (times += 1) }, { quiet: 100, longest: 1000 }).ready
    for (let i = 0; i < 30; i++) {
      tell('notifications/tools/list_changed')
      await settled()
      clock.advance(99)
      await settled()
    }
    assert.is(times, 1 + 2)
  })

  test(`${name}: one call at a time, the newest last; one that throws is told, and does not end it`, async () => {
    const { client, clock, tell, warnings } = await open()
    const told: string[] = []
    let go = (): void => {}
    const following = client.follow(
      {
        tools: async ([tool]) => {
          told.push(`begin ${tool?.name}`)
          await new Promise<void>(resolve => (go = resolve))
          told.push(`end ${tool?.name}`)
          if (tool?.name === 'tool-2') throw new Error('on purpose')
        },
      },
      { quiet: 10 },
    )
    await settled()
    for (let i = 0; i < 2; i++) {
      tell('notifications/tools/list_changed')
      await settled()
      clock.advance(10)
      await settled()
    }
    for (let i = 0; i < 3; i++) {
      go()
      await settled()
    }
    await following.ready
    assert.equal(told, ['begin tool-1', 'end tool-1', 'begin tool-2', 'end tool-2', 'begin tool-3', 'end tool-3'])
    assert.equal(warnings, ['on purpose'])
  })
}

test('what cannot be read is told by ready, and tried again with the next news', async () => {
  let broken = true
  const script: Script = () => {
    if (broken) throw new Refusal(-32603, 'out of order')
    return { tools: [], ...KEPT }
  }
  const { client, clock, tell, warnings } = await exchange({ 'tools/list': script })
  let times = 0
  const following = client.follow({ tools: () => void (times += 1) })
  assert.is((await failureOf(following.ready)).message, 'out of order')
  tell('notifications/tools/list_changed')
  await settled()
  clock.advance(300)
  await settled()
  assert.equal(warnings, ['out of order'])
  broken = false
  tell('notifications/tools/list_changed')
  await settled()
  clock.advance(300)
  await settled()
  assert.is(times, 1)
})

test('C-SUB-08: when the connection breaks and stands again, everything is read anew', async () => {
  const { client, peer, clock } = await exchange({}, { heal: { firstWait: 1 } })
  let times = 0
  await client.follow({ tools: () => void (times += 1) }).ready
  peer.drop(new Error('EPIPE'))
  await settled()
  clock.advance(1)
  await settled()
  clock.advance(300)
  await settled()
  assert.is(times, 2)
})

test('a server that sends no news is followed once; nobody is followed who gave up before', async () => {
  const { client, clock } = await session({}, {}, { tools: {} })
  let times = 0
  await client.follow({ tools: () => void (times += 1) }).ready
  assert.is(times, 1)
  const early = client.follow({ tools: () => void (times += 1) }, { signal: AbortSignal.abort() })
  await early.ready
  clock.advance(10_000)
  await settled()
  assert.is(times, 1)
})

test.run()
