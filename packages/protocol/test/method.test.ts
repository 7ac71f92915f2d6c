/** The table of methods: who sends what in which revision, and what it takes. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { NAME_PARAMS } from '../src/classify.ts'
import { asksOf, method, methodsOf, type ParamsOf, type ResultOf, revisionsOf, rowOf } from '../src/method.ts'
import { REVISIONS } from '../src/revision.ts'
import { VOCABULARY } from '../src/vocabulary.ts'

const methods = suite('method')

methods('there are 34 methods; 15 are messages of every revision, and two more are asked in every one', () => {
  const names = Object.keys(VOCABULARY)
  assert.is(names.length, 34)
  assert.is(names.filter(name => revisionsOf(name).length === REVISIONS.length).length, 15)
  assert.equal(
    asksOf('2024-11-05').filter(name => asksOf('2026-07-28').includes(name)),
    ['roots/list', 'sampling/createMessage'],
  )
})

methods('a method is found by name in the revisions that send it, and nowhere else', () => {
  assert.equal(revisionsOf('initialize'), REVISIONS.slice(0, 4))
  assert.equal(revisionsOf('server/discover'), ['2026-07-28'])
  assert.equal(revisionsOf('elicitation/create'), ['2025-06-18', '2025-11-25'])
  assert.is(method('constructor', '2025-11-25'), undefined)
  assert.is(method('__proto__', '2025-11-25'), undefined)
  assert.is(rowOf('toString'), undefined)
})

methods('the sender of a method may change between revisions', () => {
  assert.is(method('ping', '2025-11-25')?.from, 'both')
  assert.is(method('notifications/progress', '2025-11-25')?.from, 'both')
  assert.is(method('notifications/progress', '2026-07-28')?.from, 'server')
  assert.is(method('notifications/cancelled', '2026-07-28')?.from, 'both')
  assert.not(methodsOf('2026-07-28', 'client').some(({ name }) => name === 'notifications/progress'))
})

methods('S-MSG-14: in 2026-07-28 a server sends no requests', () => {
  assert.equal(
    methodsOf('2026-07-28', 'server').filter(({ kind }) => kind === 'request'),
    [],
  )
})

methods('what a server may ask is known per revision, whichever way it travels', () => {
  assert.equal(asksOf('2024-11-05'), ['roots/list', 'sampling/createMessage'])
  for (const revision of REVISIONS.slice(2)) assert.equal(asksOf(revision), ['roots/list', 'sampling/createMessage', 'elicitation/create'])
})

methods('S-MRTR-01: a server may ask during exactly three requests', () => {
  const names = methodsOf('2026-07-28', 'client').filter(({ mayAsk }) => mayAsk)
  assert.equal(
    names.map(({ name }) => name),
    ['tools/call', 'resources/read', 'prompts/get'],
  )
})

methods('S-CACHE-01: six results carry caching hints', () => {
  const names = methodsOf('2026-07-28', 'client').filter(({ cacheable }) => cacheable)
  assert.equal(
    names.map(({ name }) => name),
    ['server/discover', 'tools/list', 'resources/list', 'resources/templates/list', 'resources/read', 'prompts/list'],
  )
})

methods('S-HDR: the methods that HTTP names in Mcp-Name are those that classify checks', () => {
  const named = methodsOf('2026-07-28', 'client').filter(({ nameParam }) => nameParam !== undefined)
  assert.equal(new Set(named.map(({ name }) => name)), new Set(NAME_PARAMS.keys()))
  for (const { name, nameParam } of named) assert.is(NAME_PARAMS.get(name), nameParam)
})

methods('a gate names a capability that the revision has a word for', () => {
  assert.equal(method('tools/call', '2024-11-05')?.gate, { side: 'server', capability: 'tools' })
  assert.is(method('completion/complete', '2024-11-05')?.gate, undefined)
  assert.equal(method('completion/complete', '2025-03-26')?.gate, { side: 'server', capability: 'completions' })
  assert.equal(method('resources/subscribe', '2025-11-25')?.gate, { side: 'server', capability: 'resources.subscribe' })
  assert.equal(method('sampling/createMessage', '2025-11-25')?.gate, { side: 'client', capability: 'sampling' })
})

methods('the same descriptor is returned each time', () => {
  assert.is(method('tools/call', '2025-06-18'), method('tools/call', '2025-06-18'))
})

// Types: params and results by name.
const called: ParamsOf<'tools/call'> = { name: 'add', arguments: { a: 1 } }
const answered: ResultOf<'tools/call'> = { content: [{ type: 'text', text: '3' }] }
// @ts-expect-error a number is no name
const wrong: ParamsOf<'tools/call'> = { name: 1 }
// @ts-expect-error notices have no result
export type NoResult = ResultOf<'notifications/progress'>
export const typed: readonly unknown[] = [called, answered, wrong]

methods.run()
