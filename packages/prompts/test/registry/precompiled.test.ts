/** Prompts that were compiled before: the same answers without files and without making code from text. */
import { execFile } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { PromptDocument } from '../../src/registry/document.ts'
import { InvalidPrompts } from '../../src/registry/problem.ts'
import { prompts } from '../../src/registry/prompts.ts'
import type { TemplateBundle } from '../../src/runtime.ts'
import { precompiled, precompiledPrompts } from '../../src/runtime.ts'
import { file, meet, Place, reportsOf, serve, strike } from './stage.ts'

const test = suite('precompiled')
test.after.each(strike)

const GUARDS = { staff: { visible: () => true } }

function source() {
  const place = new Place({
    '_tone.md': 'Be kind.\n',
    '_warm.md': 'Warm {{who}}',
    'greet@1.md': file(
      'description: one\nguard: staff\narguments: { who: { required: true }, n: { type: integer, default: 2 } }',
      '{{> tone}}\n{{#user}}Hi {{who}} {{n}}{{/user}}',
    ),
    'greet@2.md': file('description: two\narguments: { who: string }\nvariants: { plain: 1, warm: { file: _warm.md } }', 'Plain {{who}}'),
  })
  const registry = prompts({ folder: place.path, guards: GUARDS })
  registry.promote('greet', 'warm', '2')
  place.write('prompts.bundle.mjs', registry.precompile())
  return { place, registry }
}

async function load(place: Place): Promise<{ readonly default: TemplateBundle; readonly prompts: PromptDocument }> {
  return (await import(pathToFileURL(place.at('prompts.bundle.mjs')).href)) as never
}

test('a bundle serves what its registry served: lists, versions, variants, promotions, arguments', async () => {
  const { place, registry } = source()
  const bundle = await load(place)
  const provider = precompiledPrompts(bundle.prompts, precompiled(bundle.default), { guards: GUARDS })
  const [one, other] = [await meet(await serve(registry)), await meet(await serve(provider))]
  assert.equal(await other.prompts(), await one.prompts())
  for (const version of ['1', '2']) {
    const params = { name: 'greet', arguments: { who: 'Ann' }, _meta: { 'dev.oarlock/version': version } }
    assert.equal(await other.raw.getPrompt(params), await one.raw.getPrompt(params))
  }
  assert.equal(
    provider.stats().map(({ version, variant, renders }) => [version, variant, renders]),
    [
      ['1', undefined, 1],
      ['2', 'warm', 1],
    ],
  )
  const error = (await other.prompt('greet', { whom: 'x' }).catch((error: unknown) => error)) as { code: number }
  assert.is(error.code, -32602)
})

test('pins and events work as in a registry', async () => {
  const { place } = source()
  const bundle = await load(place)
  const provider = precompiledPrompts(bundle.prompts, precompiled(bundle.default), { guards: GUARDS, pin: () => '1' })
  const versions: (string | undefined)[] = []
  provider.on('prompt.rendered', ({ version }) => versions.push(version))
  await (await meet(await serve(provider))).prompt('greet', { who: 'Ann' })
  assert.equal(versions, ['1'])
})

test('what nobody listens for in a bundle is reported by its server', async () => {
  const { place } = source()
  const bundle = await load(place)
  const provider = precompiledPrompts(bundle.prompts, precompiled(bundle.default), { guards: GUARDS, pin: () => '7' })
  const server = await serve(provider)
  const reports = reportsOf(server)
  provider.on('prompt.rendered', () => {
    throw new Error('no')
  })
  await (await meet(server)).prompt('greet', { who: 'Ann' })
  assert.match(reports[0] as string, /^prompts: pin: greet warning callers are pinned to version 7, which does not exist/)
  assert.equal(reports.slice(1), ['prompts: listener of prompt.rendered: no'])
})

test('a bundle whose guards are not given is refused, not served without them', async () => {
  const { place } = source()
  const bundle = await load(place)
  assert.throws(
    () => precompiledPrompts(bundle.prompts, precompiled(bundle.default)),
    (error: unknown) => error instanceof InvalidPrompts && error.problems[0]?.code === 'unknown-guard',
  )
})

test('what can be told without the texts is told by check(), and by that of the server, once', async () => {
  const place = new Place({ 'greet.md': file('title: Greeting', 'Hi'), 'bye.md': file('description: d', 'Bye') })
  const registry = prompts({ folder: place.path })
  place.write('prompts.bundle.mjs', registry.precompile())
  const { prompts: document, default: bundle } = await load(place)
  const whole = precompiledPrompts(document, precompiled(bundle))
  assert.equal(
    whole.check().map(({ severity, code, prompt }) => [severity, code, prompt]),
    [['warning', 'no-description', 'greet']],
  )
  const server = await serve(whole)
  assert.equal(
    (await server.check()).map(({ where, code }) => [where, code]),
    [['prompts: greet', 'no-description']],
  )
  const part = precompiledPrompts(document, precompiled({ ...bundle, templates: bundle.templates.filter(({ id }) => id !== 'bye') }))
  assert.match(part.check().find(({ severity }) => severity === 'error')?.message as string, 'precompile the prompts again')
})

test('it renders where code may not be made from text', async () => {
  const { place } = source()
  const bundled = fileURLToPath(new URL('fixtures/bundled.ts', import.meta.url))
  const url = pathToFileURL(place.at('prompts.bundle.mjs')).href
  const args = [...process.execArgv, '--disallow-code-generation-from-strings', bundled, url]
  const printed = await new Promise<string>(resolve => {
    execFile(process.execPath, args, (_error, stdout, stderr) => resolve(stdout + stderr))
  })
  assert.is(printed, 'Warm Ann\n')
})

test.run()
