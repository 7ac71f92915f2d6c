/** Templates that were compiled before, where no code may be made from text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
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

precompile('row 23: what stands in names and texts is no code of the module', async () => {
  const payload = 'globalThis.oarlockWasCompiled = true'
  const name = `');${payload}//`
  const text = `{{[${name}]}}\u2028*/ \`\${${payload}} </script>{{upper "${name}"}}`
  const written = setOf([
    { id: `a${name}`, text, file: `\`\${${payload}}"`, args: Type.Object({ [name]: Type.String(), ['"]};x(']: Type.String() }) },
  ]).precompile()
  const evil = join(folder, 'evil.mjs')
  writeFileSync(evil, written)
  const { default: bundle } = (await import(pathToFileURL(evil).href)) as { default: TemplateBundle }
  const [[, said] = []] = spoken(precompiled(bundle).render(`a${name}`, { [name]: 'value' }))
  assert.is(said, `value\u2028*/ \`\${${payload}} </script>${name.toUpperCase()}`)
  assert.not('oarlockWasCompiled' in globalThis)
})

precompile.run()
