import { type Duration, Fault, type Principal } from '@oarlock/protocol'
import type { StateOptions } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Journal } from '../../src/journal.ts'
import { StateSeal, type Binding } from '../../src/edge/state.ts'
import { quiet } from '../stage.ts'

const test = suite('state')
const OLD = 'an old secret of thirty-two characters'
const NEW = 'a new secret of at least thirty-two characters'
const BINDING: Binding = {
  principal: { id: 'ada', clientId: 'app' },
  method: 'tools/call',
  params: { name: 'order', arguments: { a: 1, b: [1, { c: 2, d: 3 }] } },
}

function stage(options: StateOptions = {}) {
  let now = 1_000_000
  const seal = new StateSeal(options, () => now)
  return { seal, advance: (ms: number) => (now += ms) }
}

function journal(): Journal {
  const made = new Journal()
  made.answers.set('who', { action: 'accept', content: { password: 'hunter2' } })
  return made
}

/** Opening is refused, in the one way that tells nothing. */
async function refused(seal: StateSeal, state: unknown, binding: Binding = BINDING): Promise<string> {
  try {
    await seal.open(state, binding)
  } catch (error) {
    assert.ok(Fault.is(error) && error.fault === 'INVALID_STATE', String(error))
    assert.equal([error.message, error.data], ['Invalid or expired requestState', undefined])
    return String(error.cause)
  }
  throw new assert.Assertion({ message: 'was opened' } as never)
}

test('a state opens for the same caller who asks the same, in any process with the secret', async () => {
  const state = await stage({ secrets: [NEW] }).seal.seal(journal(), BINDING)
  const opened = await stage({ secrets: [NEW] }).seal.open(state, BINDING)
  assert.equal(opened.answers.get('who'), { action: 'accept', content: { password: 'hunter2' } })
})

test('T11: the client that carries a state cannot read it', async () => {
  const { seal } = stage({ secrets: [NEW] })
  const state = await seal.seal(journal(), BINDING)
  assert.match(state, /^[A-Za-z0-9_-]+$/)
  const bytes = Buffer.from(state, 'base64url').toString('latin1')
  assert.not.match(bytes, /hunter2|who|accept/)
  assert.is.not(await seal.seal(journal(), BINDING), state, 'nor see that two are the same')
})

test('T11: members in another order are the same params; the envelope and the answers are none of them', async () => {
  const { seal } = stage()
  const state = await seal.seal(journal(), BINDING)
  const params = {
    requestState: state,
    inputResponses: { x: {} },
    _meta: { progressToken: 5 },
    arguments: { b: [1, { d: 3, c: 2 }], a: 1 },
    name: 'order',
  }
  assert.ok(await seal.open(state, { ...BINDING, params }))
})

test('T11: a state of another caller, method, tool or with other arguments is refused', async () => {
  const { seal } = stage()
  const state = await seal.seal(journal(), BINDING)
  const principals: readonly (Principal | undefined)[] = [
    undefined,
    { id: 'bob', clientId: 'app' },
    { id: 'ada' },
    { id: 'ada', clientId: 'other' },
  ]
  for (const principal of principals) await refused(seal, state, { ...BINDING, principal })
  await refused(seal, state, { ...BINDING, method: 'prompts/get' })
  for (const params of [
    {},
    { name: 'order' },
    { name: 'other', arguments: { a: 1, b: [1, { c: 2, d: 3 }] } },
    { name: 'order', arguments: { a: 1, b: [{ c: 2, d: 3 }, 1] } },
    { name: 'order', arguments: { a: '1', b: [1, { c: 2, d: 3 }] } },
    { name: 'order', arguments: { a: 1, b: ['[', 1, ['{', ['c', 2], ['d', 3]]] } },
    { name: 'order', arguments: { a: 1, b: [1, ['{', ['c', 2], ['d', 3]]] } },
    { name: 'order', arguments: { a: 1, b: [1, { c: 2, d: 3 }] }, more: null },
  ]) {
    await refused(seal, state, { ...BINDING, params })
  }
})

test('a principal that only looks alike is another', async () => {
  const { seal } = stage()
  const state = await seal.seal(journal(), { ...BINDING, principal: { id: 'a","b' } })
  await refused(seal, state, { ...BINDING, principal: { id: 'a', clientId: 'b' } })
})

test('the same subject of another issuer is another', async () => {
  const { seal } = stage()
  const by = (iss: string) => ({ ...BINDING, principal: { id: 'a', claims: { iss } } })
  const state = await seal.seal(journal(), by('https://one.example'))
  await refused(seal, state, by('https://two.example'))
  await seal.open(state, by('https://one.example'))
})

test('T11: a state that was changed in any place is refused', async () => {
  const { seal } = stage({ secrets: [NEW, OLD] })
  const state = await seal.seal(journal(), BINDING)
  for (let index = 0; index < state.length; index += 1) {
    const other = state[index] === 'A' ? 'B' : 'A'
    await refused(seal, `${state.slice(0, index)}${other}${state.slice(index + 1)}`)
  }
  await refused(seal, state.slice(0, -1))
  await refused(seal, `${state}A`)
  await refused(seal, `${state}=`)
  await refused(seal, ` ${state}`)
  await refused(
    seal,
    state.replaceAll('_', '/').replaceAll('-', '+') === state ? `${state}/` : state.replaceAll('_', '/').replaceAll('-', '+'),
  )
})

test('a state has one spelling: bits that mean nothing cannot be played with', async () => {
  const { seal } = stage()
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  for (let padding = 0; padding < 3; padding += 1) {
    const made = journal()
    made.answers.set('pad', { a: 'x'.repeat(padding) })
    const state = await seal.seal(made, BINDING)
    const last = alphabet.indexOf(state.at(-1) as string)
    for (const letter of [alphabet[last ^ 1], alphabet[last ^ 2], alphabet[last ^ 3]])
      await refused(seal, state.slice(0, -1) + (letter ?? ''))
  }
})

test('garbage is refused as anything else, and what is no text is malformed', async () => {
  const { seal } = stage()
  for (const state of ['', 'x', 'AAAA', 'A'.repeat(100), '!'.repeat(100), '🐢'.repeat(50)]) await refused(seal, state)
  for (const state of [null, 5, {}, [], undefined]) {
    try {
      await seal.open(state, BINDING)
      assert.unreachable()
    } catch (error) {
      assert.is((error as Fault).fault, 'INVALID_PARAMS')
    }
  }
})

test('S-MRTR-18: a state too long is refused before it is looked at, and never given out', async () => {
  const { seal } = stage()
  const start = performance.now()
  await refused(seal, 'A'.repeat(10_000_000))
  assert.ok(performance.now() - start < 100)
  const large = new Journal()
  for (let index = 0; index < 20; index += 1) large.remember(`k${index}`, 'x'.repeat(16_000))
  try {
    await seal.seal(large, BINDING)
    assert.unreachable()
  } catch (error) {
    assert.ok(Fault.is(error) && error.fault === 'INTERNAL_ERROR')
    assert.match(String(error.cause), 'longer than')
  }
})

test('T11: a state expires', async () => {
  const { seal, advance } = stage({ ttl: 1_000 })
  const state = await seal.seal(journal(), BINDING)
  advance(1_000)
  assert.ok(await seal.open(state, BINDING))
  advance(1)
  assert.match(await refused(seal, state), 'expired')
  const usual = stage()
  const long = await usual.seal.seal(journal(), BINDING)
  usual.advance(600_001)
  await refused(usual.seal, long)
})

test('keys rotate: the first seals, all open', async () => {
  const before = await stage({ secrets: [OLD] }).seal.seal(journal(), BINDING)
  const both = stage({ secrets: [NEW, OLD] }).seal
  const during = await both.seal(journal(), BINDING)
  assert.ok(await both.open(before, BINDING))
  assert.ok(await both.open(during, BINDING))
  const after = stage({ secrets: [NEW] }).seal
  assert.ok(await after.open(during, BINDING))
  assert.match(await refused(after, before), 'unknown key')
})

test('without a secret each process has its own', async () => {
  const [one, two] = [stage().seal, stage().seal]
  const state = await one.seal(journal(), BINDING)
  assert.ok(await one.open(state, BINDING))
  await refused(two, state)
  assert.equal([one.shared, stage({ secrets: [NEW] }).seal.shared], [false, true])
})

test('T11, S-MRTR-10: with a store for it a state is good once', async () => {
  const claims: [string, number][] = []
  const used = new Set<string>()
  const claim = async (nonce: string, expiresAt: number): Promise<boolean> => {
    claims.push([nonce, expiresAt])
    return !used.has(nonce) && (used.add(nonce), true)
  }
  const { seal } = stage({ singleUse: { claim }, ttl: '5s' })
  const state = await seal.seal(journal(), BINDING)
  await refused(seal, state, { ...BINDING, method: 'other' })
  assert.is(claims.length, 0, 'only a state that is good is used up')
  assert.ok(await seal.open(state, BINDING))
  assert.match(await refused(seal, state), 'used before')
  assert.ok(await seal.open(await seal.seal(journal(), BINDING), BINDING))
  assert.ok((claims[0]?.[0].length ?? 0) >= 20)
  assert.is(claims[0]?.[1], 1_005_000)
})

test('a secret that is too short is refused, and so is a time to live that is none', () => {
  assert.throws(() => quiet({ state: { secrets: ['short'] } }), /at least 32 characters/)
  for (const ttl of [0, '0s', -1, Number.NaN, 'soon'] as Duration[]) assert.throws(() => quiet({ state: { ttl } }), /state\.ttl/)
})

test.run()
