/** What docs/guides/prompts.md shows works as it says, and what it lists is everything there is. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Server, Type } from 'oarlock'
import { formatProblems, helper, prompts, type RegistryOptions } from '@oarlock/prompts'
import { precompiled, precompiledPrompts } from '@oarlock/prompts/runtime'
import { REGISTRY_PROBLEMS } from '../../src/registry/code.ts'
import { OPTIONS } from '../../src/registry/options.ts'
import { PROBLEMS } from '../../src/template/problem.ts'
import { TemplateSet } from '../../src/template/set.ts'
import { meet, strike, textOf } from '../registry/stage.ts'

const test = suite('guide')
test.after.each(strike)

const FOLDER = fileURLToPath(new URL('prompts', import.meta.url))
const page = readFileSync(new URL('../../../../docs/guides/prompts.md', import.meta.url), 'utf8')
const completers = { customers: (typed: string) => ['Ann', 'Bob'].filter(name => name.startsWith(typed)) }

const open = (options: RegistryOptions = {}) => prompts({ folder: FOLDER, completers, ...options })

test('the folder of the guide has no problem', () => {
  assert.is(formatProblems(open().check()), '')
})

test('the prompts of the guide render as it says', async () => {
  const server = new Server({ name: 'guide', version: '1.0.0', log: false })
  server.offer(open({ assign: () => 'short' }))
  const client = await meet(server)
  const messages = await client.prompt('review', { code: '- a\n+ b', focus: 'speed,size' })
  // #region messages
  assert.equal(
    messages.map(({ role, content }) => ({ role, text: 'text' in content && content.text })),
    [
      { role: 'user', text: 'You are careful and kind.\nSay when you are not sure.' },
      { role: 'user', text: 'Review this change, quick:\n\n```diff\n- a\n+ b\n```\n\nWhat matters most:\n- speed\n- size' },
    ],
  )
  // #endregion
  assert.is(await textOf(client, 'refund', { customer: 'Ann' }), 'Tell Ann in one sentence that the money is on its way.')
  assert.equal((await client.complete({ type: 'ref/prompt', name: 'refund' }, { name: 'customer', value: 'A' })).values, ['Ann'])
  assert.equal((await client.complete({ type: 'ref/prompt', name: 'review' }, { name: 'focus', value: 'sp' })).values, ['speed'])
})

test('prompts come, change and go at run time', async () => {
  const registry = open()
  // #region runtime
  registry.add({
    name: 'translate',
    description: 'Translates a text',
    version: '1.0.0',
    args: Type.Object({ text: Type.String(), language: Type.Optional(Type.String({ examples: ['French', 'Latin'] })) }),
    template: 'Translate into {{default language "English"}}: {{text}}',
  })
  registry.update({ name: 'translate', description: 'Translates', version: '1.0.0', template: 'Translate what I say from now on.' })
  registry.putFragment({ name: 'partials/tone', template: 'You are strict.\n' })
  registry.remove('translate', '1.0.0')
  // #endregion
  assert.equal(
    registry.list().map(({ name }) => name),
    ['review', 'refund'],
  )
  // #region look
  registry.list({ tag: 'code', category: 'development' }) // what is there, filtered
  registry.search('money customer') // the best match first
  registry.get('review', '1.0.0') // a definition
  registry.source('review') // the text after inheritance, unrendered, for review
  // #endregion
  assert.match(registry.source('review'), /You are|partials\/tone/)
  // #region document
  const document = registry.export()
  registry.import(document)
  // #endregion
  assert.equal(registry.export(), document)
})

test('versions are pinned', async () => {
  // #region pin
  const registry = prompts({
    folder: FOLDER,
    completers,
    pin: (name, { principal, peer }) => {
      if (name === 'review' && principal?.claims?.['plan'] === 'classic') return '1.0.0'
      if (peer.info?.name === 'old-editor') return '1.0.0'
      return undefined
    },
  })
  // #endregion
  const server = new Server({ name: 'guide', version: '1.0.0', log: false })
  server.offer(registry)
  assert.is(await textOf(await meet(server, { name: 'old-editor' }), 'review', { code: 'x' }), 'Review this code: x')
})

test('an experiment is watched and ended', async () => {
  const registry = open()
  const track = (..._facts: unknown[]): void => undefined
  // #region experiment
  registry.on('prompt.exposed', ({ name, variant, subject }) => track('exposed', name, variant, subject))
  registry.on('prompt.rendered', ({ name, variant, ms, tokens }) => track('rendered', name, variant, ms, tokens))
  registry.on('prompt.failed', ({ name, cause }) => track('failed', name, cause))

  for (const { name, version, variant, renders, errors, latency, tokens } of registry.stats())
    console.table({ name, version, variant, renders, errors, p95: latency.p95, tokens: tokens.mean })

  registry.promote('refund', 'short') // from now on for everybody
  // #endregion
  assert.equal(registry.export().promoted, { refund: 'short' })
})

test('helpers of your own', async () => {
  // #region helper
  const shout = helper({ name: 'shout', args: [Type.String()], run: text => `${text.toUpperCase()}!` })
  const registry = prompts({ engine: { helpers: [shout], timeZone: 'Europe/Oslo', locale: 'en-GB' } })
  registry.add({ name: 'greet', description: 'Greets', args: Type.Object({ who: Type.String() }), template: '{{shout who}}' })
  // #endregion
  const server = new Server({ name: 'guide', version: '1.0.0', log: false })
  server.offer(registry)
  assert.is(await textOf(await meet(server), 'greet', { who: 'ann' }), 'ANN!')
})

test('a folder is compiled to a module and served from it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-guide-'))
  const BUNDLE = join(folder, 'prompts.bundle.js')
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  // #region precompile
  writeFileSync(BUNDLE, prompts({ folder: FOLDER, completers }).precompile())
  // #endregion
  const { default: bundle, prompts: document } = (await import(pathToFileURL(BUNDLE).href)) as never as Record<'default' | 'prompts', never>
  const server = new Server({ name: 'guide', version: '1.0.0', log: false })
  // #region precompiled
  server.offer(precompiledPrompts(document, precompiled(bundle), { completers }))
  // #endregion
  assert.is((await (await meet(server)).prompts()).length, 2)
  rmSync(folder, { recursive: true })
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
    OPTIONS.filter(name => !named.has(name)),
    [],
    'options',
  )
})

test.run()
