/** Templates that were compiled before, where no code may be made from text. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { helper, precompiled, type TemplateBundle } from '@oarlock/prompts/runtime'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { setOf, spoken } from './stage.ts'

const precompile = suite('precompiled templates')

const folder = mkdtempSync(join(tmpdir(), 'oarlock-precompiled-'))
precompile.after(() => rmSync(folder, { recursive: true, force: true }))

const helpers = [helper({ name: 'shout', args: [Type.String()], run: text => `${text.toUpperCase()}!` })]

const set = setOf(
  [
    { id: 'layout', text: '{{#system}}{{#block "who"}}You help.{{/block}}{{/system}}\n{{> sign by=name}}', fragment: true },
    { id: 'sign', text: '-- {{by}}{{#each list as |item i|}} {{i}}{{item}}{{../by}}{{/each}}', fragment: true, file: 'sign.md' },
    {
      id: "it's",
      extends: 'layout',
      text: '{{#block "who"}}{{super}} {{shout (upper name)}}\n{{#if extra}}{{extra.deep}}{{/if}}{{/block}}',
      args: Type.Object({ name: Type.String(), list: Type.Array(Type.String()), extra: Type.Optional(Type.Unknown()) }),
      file: "it's.md",
      line: 3,
    },
  ],
  { helpers },
)

const module = join(folder, 'templates.mjs')
writeFileSync(module, set.precompile())
const load = async (): Promise<TemplateBundle> => ((await import(pathToFileURL(module).href)) as { default: TemplateBundle }).default

const values = { name: 'ada', list: ['x', 'y'] }

precompile('render to what the set renders to', async () => {
  const templates = precompiled(await load(), { helpers })
  assert.equal(templates.ids, ["it's"])
  assert.equal(templates.render("it's", values), set.render("it's", values))
  assert.equal(spoken(templates.render("it's", values)), [
    ['user', 'You help. ADA!'],
    ['user', '-- ada 0xada 1yada'],
  ])
})

precompile('name the file and line where they fail', async () => {
  const templates = precompiled(await load(), { helpers })
  assert.throws(() => templates.render("it's", { ...values, extra: {} }), /^it's\.md:4:16: 'deep' is not among the values/)
  assert.throws(() => templates.render('layout', {}), /is a fragment/)
  assert.throws(() => templates.render('nobody', {}), /There is no template 'nobody'/)
})

precompile('are refused by a runtime that does not fit', async () => {
  const bundle = await load()
  assert.throws(() => precompiled(bundle), /compiled with helpers that are not given here: shout/)
  assert.throws(() => precompiled({ ...bundle, format: 0 }, { helpers }), /Compile it again/)
})

precompile('are only written when nothing is wrong', () => {
  assert.throws(() => setOf([{ id: 'x', text: '{{#if}}' }]).precompile(), /x:1:1: \{\{#if\}\} is never closed/)
})

const RENDERER = fileURLToPath(new URL('fixtures/precompiled.ts', import.meta.url))
const node = (...args: readonly string[]) =>
  spawnSync(process.execPath, [...process.execArgv, ...args, RENDERER, module], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })

precompile('T30: render in a process that makes no code from text, which loads no compiler', () => {
  const { stdout, stderr } = node('--disallow-code-generation-from-strings')
  assert.equal(JSON.parse(stdout || stderr), { said: 'You help. ADA!', evaluated: 'EvalError', compiler: false, builtins: [] })
})

precompile.run()
