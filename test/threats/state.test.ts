/** requestState over the wire: a client carries it, and can do nothing else with it. */
import { fakeClock, META, type Authenticate } from '@oarlock/protocol'
import { Server, Type, type ServerOptions } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, tool, type Answer } from '../../packages/http/test/wire.ts'
import { closeAll, serve } from './served.ts'

const test = suite('requestState')
test.after.each(closeAll)

const OLD = 'an old secret of at least 32 characters'
const NEW = 'a new secret of at least 32 characters!'
const OTHER = 'the secret of somebody else, long enough'

const authenticate: Authenticate = head => ({ id: head.headers?.get('x-user') ?? 'ann' })

interface Bank {
  readonly port: number
  /** Payments made. */
  readonly paid: string[]
}

/** A bank that does something once, then asks, then pays. */
async function bank(options: Partial<ServerOptions> = {}): Promise<Bank> {
  const server = new Server({ name: 'bank', version: '1', log: false, ...options })
  const paid: string[] = []
  const input = Type.Object({ to: Type.String(), amount: Type.Number() })
  for (const name of ['pay', 'refund']) {
    server.tool(name, { input }, async ({ to, amount }, ctx) => {
      const rate = await ctx.once('rate', () => 'rate-7731')
      const { action } = await ctx.elicit('sure', { message: 'Sure?', schema: Type.Object({}) })
      if (action !== 'accept') return 'no'
      paid.push(`${name} ${amount} to ${to} at ${rate}`)
      return 'paid'
    })
  }
  const { port } = await serve(server, { authenticate })
  return { port, paid }
}

interface Round {
  readonly name?: string
  readonly args?: object
  readonly user?: string
  readonly state?: unknown
  readonly answer?: boolean
}

function round(
  port: number,
  { name = 'pay', args = { to: 'bob', amount: 5 }, user = 'ann', state, answer = true }: Round,
): Promise<Answer> {
  const { headers, body } = tool(name, args as Record<string, unknown>)
  const params = {
    ...body.params,
    _meta: { ...body.params._meta, [META.capabilities]: { elicitation: {} } },
    ...(state === undefined ? {} : { requestState: state }),
    ...(state !== undefined && answer ? { inputResponses: { sure: { action: 'accept', content: {} } } } : {}),
  }
  return ask(port, { headers: { ...headers, 'x-user': user }, body: { ...body, params } })
}

/** The state of a first round. */
async function stateFrom(port: number, what: Round = {}): Promise<string> {
  const { json } = await round(port, what)
  assert.is(json.result.resultType, 'input_required')
  return json.result.requestState as string
}

/** What a second round comes to: `paid`, or the number it is refused with. */
async function second(port: number, what: Round): Promise<string | number> {
  const { json } = await round(port, what)
  return json.error?.code ?? json.result.content?.[0]?.text ?? json.result.resultType
}

test('T11: a state opens for the same caller, method and arguments, in whatever order these are written', async () => {
  const { port, paid } = await bank()
  assert.is(await second(port, { state: await stateFrom(port) }), 'paid')
  assert.is(await second(port, { state: await stateFrom(port), args: { amount: 5, to: 'bob' } }), 'paid')
  assert.is(paid.length, 2)
})

test('T11: of another caller, tool or arguments it is refused, and nothing runs', async () => {
  const { port, paid } = await bank()
  const state = await stateFrom(port)
  for (const other of [
    { user: 'mallory' },
    { user: '' },
    { name: 'refund' },
    { args: { to: 'mallory', amount: 5 } },
    { args: { to: 'bob', amount: 500 } },
    { args: { to: 'bob', amount: 5, note: '' } },
  ] as Round[]) {
    const answer = await round(port, { state, ...other })
    assert.is(answer.json.error.code, -32602, JSON.stringify(other))
    assert.not.match(answer.text, /changed|caller|decrypt|key/, 'why is for the log')
  }
  assert.equal(paid, [])
  assert.is(await second(port, { state }), 'paid', 'the state itself was good')
})

test('T11: changed in any one character it is refused, and so is every part of it', async () => {
  const { port, paid } = await bank()
  const state = await stateFrom(port)
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const changed = Array.from(state, (letter, at) => {
    const other = letters[(letters.indexOf(letter) + 1 + (at % 62)) % 64] as string
    return state.slice(0, at) + (other === letter ? '_' : other) + state.slice(at + 1)
  })
  for (const forged of [
    ...changed,
    state.slice(0, -4),
    state.slice(4),
    `${state}AAAA`,
    state + state,
    `${state}=`,
    ` ${state}`,
    '',
    'AA',
    '{}',
  ]) {
    assert.is(await second(port, { state: forged }), -32602)
  }
  assert.equal(paid, [])
})

test('T11: the client cannot read what the handler remembered', async () => {
  const { port } = await bank()
  const [one, two] = [await stateFrom(port), await stateFrom(port)]
  assert.is.not(one, two)
  for (const state of [one, two]) {
    assert.not.match(Buffer.from(state, 'base64url').toString('latin1'), /rate|7731|sure|bob/)
    assert.match(state, /^[\w-]+$/)
  }
})

test("T11: servers that share a secret open each other's states; with another secret, or one of their own, they do not", async () => {
  const [a, b] = [await bank({ state: { secrets: [OLD] } }), await bank({ state: { secrets: [OLD] } })]
  const stranger = await bank({ state: { secrets: [OTHER] } })
  const alone = await bank()
  const state = await stateFrom(a.port)
  assert.is(await second(stranger.port, { state }), -32602)
  assert.is(await second(alone.port, { state }), -32602)
  assert.is(await second(b.port, { state }), 'paid')
  assert.equal([a.paid.length, b.paid.length, stranger.paid.length, alone.paid.length], [0, 1, 0, 0])
})

test('T11: a key is rotated without losing what is under way, and a key that is gone opens nothing', async () => {
  const before = await bank({ state: { secrets: [OLD] } })
  const during = await bank({ state: { secrets: [NEW, OLD] } })
  const after = await bank({ state: { secrets: [NEW] } })
  const old = await stateFrom(before.port)
  assert.is(await second(during.port, { state: old }), 'paid')
  assert.is(await second(after.port, { state: old }), -32602)
  const fresh = await stateFrom(during.port)
  assert.is(await second(after.port, { state: fresh }), 'paid', 'the first secret seals')
  assert.is(await second(before.port, { state: fresh }), -32602)
})

test('T11: it expires', async () => {
  const clock = fakeClock()
  const { port, paid } = await bank({ clock, state: { ttl: 60_000 } })
  const [one, two] = [await stateFrom(port), await stateFrom(port)]
  clock.advance(59_000)
  assert.is(await second(port, { state: one }), 'paid')
  clock.advance(2_000)
  assert.is(await second(port, { state: two }), -32602)
  assert.is(paid.length, 1)
})

test('T11: with a store for it, a state is good once; without one a client may replay, as the documentation says', async () => {
  const used = new Set<string>()
  const claim = (nonce: string) => !used.has(nonce) && used.add(nonce) !== undefined
  const strict = await bank({ state: { singleUse: { claim } } })
  const state = await stateFrom(strict.port)
  assert.is(await second(strict.port, { state }), 'paid')
  assert.is(await second(strict.port, { state }), -32602)
  assert.is(strict.paid.length, 1)

  const lenient = await bank()
  const again = await stateFrom(lenient.port)
  assert.equal([await second(lenient.port, { state: again }), await second(lenient.port, { state: again })], ['paid', 'paid'])
})

test('T11: of two uses at the same moment one counts', async () => {
  const used = new Set<string>()
  const claim = async (nonce: string) => {
    await new Promise(resolve => setImmediate(resolve))
    return !used.has(nonce) && used.add(nonce) !== undefined
  }
  const { port, paid } = await bank({ state: { singleUse: { claim } } })
  const state = await stateFrom(port)
  const outcomes = await Promise.all(Array.from({ length: 8 }, () => second(port, { state })))
  assert.equal(outcomes.filter(each => each === 'paid').length, 1)
  assert.is(paid.length, 1)
})

test('T11: a state of any other type or of any size is refused before any work', async () => {
  const { port, paid } = await bank()
  for (const state of [7, true, null, {}, [], ['x'], 'A'.repeat(262_145), 'A'.repeat(3_000_000)]) {
    const { json, text } = await round(port, { state })
    assert.is(json.error?.code, -32602, JSON.stringify(state).slice(0, 40))
    assert.ok(text.length < 500)
  }
  assert.equal(paid, [])
})

test.run()
