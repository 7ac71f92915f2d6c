/** Options of requests, and lengths of time wherever a client takes them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client, consent, pageWithConsent } from '@oarlock/client'
import { authorizationCode, enterpriseManaged, oauth, workloadIdentity } from '@oarlock/client/auth'
import { guardedFetch, loopbackRedirect } from '@oarlock/client/auth/node'
import { Server } from '@oarlock/kernel'
import { fakeClock, memoryConnector, TimedOut } from '@oarlock/protocol'

const test = suite('options of requests')
const server = new Server({ name: 'test', version: '1.0.0' })
server.tool('add', {}, () => 'added')
let reached = 0
server.tool('mute', {}, async (_, { signal }) => {
  reached += 1
  await new Promise(resolve => signal.addEventListener('abort', resolve))
  return 'late'
})
server.prompt('review', {}, () => 'text')
server.resource('note', { uri: 'note://one' }, () => 'text')

const open = (options: object = {}): Promise<Client> => Client.open(memoryConnector(server), options)
const failureOf = async (work: Promise<unknown>): Promise<Error> => {
  const cause: unknown = await work.then(
    () => assert.unreachable('it was not refused'),
    (error: unknown) => error,
  )
  return cause as Error
}

for (const [name, ask] of Object.entries<(client: Client, options: object) => Promise<unknown>>({
  call: (client, options) => client.call('add', {}, options),
  callRaw: (client, options) => client.callRaw('add', {}, options),
  read: (client, options) => client.read('note://one', options),
  prompt: (client, options) => client.prompt('review', {}, options),
  tools: (client, options) => client.tools(options),
  ping: (client, options) => client.ping(options),
  discover: (client, options) => client.discover(options),
  setLogLevel: (client, options) => client.setLogLevel('info', options),
  'raw.listTools': (client, options) => client.raw.listTools({}, options),
  'as().add': (client, options) => client.as<{ new (): { add(): string } }>().add({}, options),
})) {
  test(`${name} rejects with the nearest name for an option that does not exist, and goes on with those that do`, async () => {
    await using client = await open()
    const { message } = await failureOf(ask(client, { timout: 1 }))
    assert.is(message, "'timout' is no option of a request. Did you mean 'timeout'?")
    assert.match(
      (await failureOf(ask(client, { timeout: '5 sec' }))).message,
      /^timeout: "5 sec" is not a duration: use milliseconds or text/,
    )
    assert.match((await failureOf(ask(client, { maxTimeout: -1 }))).message, /^maxTimeout: -1 is not a duration/)
    await ask(client, { timeout: '5s', maxTimeout: 6000, meta: { a: 1 }, rounds: 2, fresh: true, idempotent: true, signal: undefined })
  })
}

test('listen, follow and completer refuse at once what they do not have', async () => {
  await using client = await open()
  const wrong = (options: object): object => options
  assert.throws(() => client.listen({ tools: true }, wrong({ signl: 1 })), /'signl' is no option of a request\. Did you mean 'signal'\?/)
  assert.throws(() => client.follow({}, wrong({ quite: '1s' })), /'quite' is no option of follow\(\)\. Did you mean 'quiet'\?/)
  assert.throws(() => client.follow(wrong({ tols: () => {} })), /'tols' is no option of follow\(\)\. Did you mean 'tools'\?/)
  assert.throws(() => client.follow({}, wrong({ longest: '2 s' })), /^longest: "2 s" is not a duration/)
  const ref = { type: 'ref/prompt', name: 'review' } as const
  assert.throws(() => client.completer(ref, wrong({ quite: 1 })), /'quite' is no option of completer\(\)\. Did you mean 'quiet'\?/)
  assert.throws(() => client.completer(ref, wrong({ quiet: 'soon' })), /^quiet: "soon" is not a duration/)
})

test('lengths of time are text or milliseconds, and a wrong one is refused by its name when a client is opened', async () => {
  for (const [name, options] of Object.entries<object>({
    timeout: { timeout: '1 minute' },
    maxTimeout: { maxTimeout: '' },
    probeTimeout: { probeTimeout: Number.NaN },
    'heal.firstWait': { heal: { firstWait: 'x' } },
    'heal.longestWait': { heal: { longestWait: '' } },
    'heal.within': { heal: { within: '1w' } },
    'heal.keepAlive': { heal: { keepAlive: '30' } },
    'heal.pingTimeout': { heal: { pingTimeout: -5 } },
    'cache.maxTtl': { cache: { maxTtl: 'ever' } },
  })) {
    const { message } = await failureOf(open(options))
    assert.ok(message.startsWith(`${name}: `) && message.includes('is not a duration'), message)
  }
})

test('a timeout in words counts as the same in milliseconds', async () => {
  for (const options of [{ timeout: '2s' }, { timeout: 2000 }] as const) {
    const clock = fakeClock()
    await using client = await open({ clock })
    const before = reached
    const failed = failureOf(client.call('mute', {}, options))
    while (reached === before) await new Promise(resolve => setImmediate(resolve))
    clock.advance(1999)
    clock.advance(1)
    assert.ok(TimedOut.is(await failed))
  }
})

test('every other object of options is checked', async () => {
  const odd = (options: object): never => options as never
  await using client = await open()
  for (const [make, message] of [
    [() => consent(odd({ ask: () => true, trustd: true })), "'trustd' is no option of consent(). Did you mean 'trusted'?"],
    [() => pageWithConsent(odd({ confrm: 1 })), "'confrm' is no option of pageWithConsent(). Did you mean 'confirm'?"],
    [() => oauth(odd({ grnt: 1 })), "'grnt' is no option of oauth(). Did you mean 'grant'?"],
    [() => authorizationCode(odd({ redirct: 1 })), "'redirct' is no option of authorizationCode(). Did you mean 'redirect'?"],
    [() => workloadIdentity(odd({ asertion: 1 })), "'asertion' is no option of workloadIdentity(). Did you mean 'assertion'?"],
    [() => enterpriseManaged(odd({ providr: 1 })), "'providr' is no option of enterpriseManaged(). Did you mean 'provider'?"],
    [() => guardedFetch(odd({ alow: [] })), "'alow' is no option of guardedFetch(). Did you mean 'allow'?"],
    [() => loopbackRedirect(odd({ prt: 1 })), "'prt' is no option of loopbackRedirect(). Did you mean 'port'?"],
    [() => loopbackRedirect(odd({ timeout: '5 m' })), '"5 m" is not a duration'],
    [() => open({ answers: { elict: () => {} } }), "'elict' is no option of answers. Did you mean 'elicit'?"],
    [() => open({ answers: { elicit: { frm: 1 } } }), "'frm' is no option of answers.elicit. Did you mean 'form'?"],
    [() => open({ answers: { sample: { handel: 1 } } }), "'handel' is no option of answers.sample. Did you mean 'handle'?"],
    [() => client.answer(odd({ sampel: 1 })), "'sampel' is no option of answers. Did you mean 'sample'?"],
    [
      () => open({ extensions: [{ id: 'a/b', setings: {} }] }),
      "'setings' is no option of an extension of a client. Did you mean 'settings'?",
    ],
  ] as const) {
    const { message: said } = await failureOf((async () => make())())
    assert.ok(said.includes(message), said)
  }
})

test.run()
