/** What docs/guides/prompts.md shows works as it says, and what it lists is everything there is. */
import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Server } from 'oarlock'
import { formatProblems, prompts, VARIANT_KEY, type PromptRegistry, type RegistryOptions } from '@oarlock/prompts'
import { REGISTRY_PROBLEMS } from '../../src/registry/code.ts'
import { OPTIONS } from '../../src/registry/options.ts'
import { PROBLEMS } from '../../src/template/problem.ts'
import { TemplateSet } from '../../src/template/set.ts'
import { meet, serve, strike, textOf } from '../registry/stage.ts'
import { server as bundled } from './bundle.ts'
import * as experiment from './experiment.ts'
import { registry as letters } from './extends.ts'
import { completers, FOLDER } from './folder.ts'
import { registry as shouting } from './helper.ts'
import { registry as pinned } from './pin.ts'
import * as runtime from './runtime.ts'
import { registry as greeting } from './variants.ts'

const test = suite('guide')
test.after.each(strike)

const page = readFileSync(new URL('../../../../docs/guides/prompts.md', import.meta.url), 'utf8')
const FENCE = '`'.repeat(3)

const open = (options: RegistryOptions = {}): PromptRegistry => prompts({ folder: FOLDER, completers, ...options })

test('the folder of the guide has no problem', () => {
  assert.is(formatProblems(open().check()), '')
})

// #region messages
const messages = [
  { role: 'user', text: 'You are careful and kind.\nSay when you are not sure.' },
  { role: 'user', text: `Review this change, quick:\n\n${FENCE}diff\n- a\n+ b\n${FENCE}\n\nWhat matters most:\n- speed\n- size` },
]
// #endregion

test('the prompts of the guide render and complete as it says', async () => {
  const client = await meet(await serve(open({ assign: () => 'short' })))
  const given = await client.prompt('review', { code: '- a\n+ b', focus: 'speed,size' })
  assert.equal(
    given.map(({ role, content }) => ({ role, text: 'text' in content && content.text })),
    messages,
  )
  assert.is(await textOf(client, 'refund', { customer: 'Ann' }), 'Tell Ann in one sentence that the money is on its way.')
  assert.equal((await client.complete({ type: 'ref/prompt', name: 'refund' }, { name: 'customer', value: 'A' })).values, ['Ann'])
  assert.equal((await client.complete({ type: 'ref/prompt', name: 'review' }, { name: 'focus', value: 'sp' })).values, ['speed'])
})

test('its changes at run time leave what they say', async () => {
  const { document, registry } = runtime
  assert.equal(
    registry.list().map(({ name }) => name),
    ['review', 'refund'],
  )
  assert.equal(registry.export(), document)
  assert.match(await textOf(await meet(await serve(registry)), 'review', { code: 'x' }), /^You are strict\./)
})

// #region letter
const letter = ['Write plainly. Stay polite.', 'Complain to Ann about the noise.\nSign it with my name.']
// #endregion

test('its letters extend each other as it says', async () => {
  assert.is(formatProblems(letters.check()), '')
  const given = await (await meet(await serve(letters))).prompt('complaint', { to: 'Ann', about: 'the noise' })
  assert.equal(
    given.map(({ content }) => 'text' in content && content.text),
    letter,
  )
})

test('its variants are three texts, and the answer says which it is', async () => {
  assert.is(formatProblems(greeting.check()), '')
  const texts = new Map<unknown, unknown>()
  const server = await serve(greeting)
  for (let id = 0; texts.size < 3; id += 1) {
    const client = await meet(server, { principal: { id: `person ${id}` } })
    const { messages: given, _meta } = await client.raw.getPrompt({ name: 'greet', arguments: { who: 'Ann' } })
    const [content] = given.map(message => message.content)
    texts.set(_meta?.[VARIANT_KEY], content?.type === 'text' ? content.text : '')
  }
  assert.equal(Object.fromEntries(texts), {
    plain: 'Greet Ann.',
    warm: 'Greet Ann like an old friend.',
    card: 'Write a card. Greet Ann in it.',
  })
})

test('its pin holds', async () => {
  const server = await serve(pinned)
  assert.is(await textOf(await meet(server, { name: 'old-editor' }), 'review', { code: 'x' }), 'Review this code: x')
})

test('its experiment is told and ended', async () => {
  const { facts, registry } = experiment
  assert.equal(registry.export().promoted, { refund: 'short' })
  await (await meet(await serve(registry))).prompt('refund', { customer: 'Ann' })
  assert.equal(
    (facts as unknown[][]).map(([what, name, variant]) => [what, name, variant]),
    [['rendered', 'refund', 'short']],
  )
})

test('its helper shouts', async () => {
  assert.is(await textOf(await meet(await serve(shouting)), 'greet', { who: 'ann' }), 'ANN!')
})

test('its bundle serves', async () => {
  assert.instance(bundled, Server)
  assert.is((await (await meet(bundled)).prompts()).length, 2)
})

test('every kind of problem is in the table, with what it means', () => {
  const rows = [...Object.entries(PROBLEMS).map(([code, { about }]) => [code, about]), ...Object.entries(REGISTRY_PROBLEMS)]
  assert.equal(
    rows.map(([code, about]) => `| \`${code}\` | ${about} |`).filter(row => !page.includes(row)),
    [],
  )
})

test('every helper and every option is in the guide', () => {
  const named = new Set(Array.from(page.matchAll(/`([a-zA-Z]+)`/g), ([, name]) => name))
  assert.equal(
    new TemplateSet().helpers().filter(name => !named.has(name)),
    [],
    'helpers',
  )
  assert.equal(
    Object.keys(OPTIONS).filter(name => !named.has(name)),
    [],
    'options',
  )
})

test.run()
