/** What only a process of its own can show: no code from text, and no package imported. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { helper } from '@oarlock/prompts'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { setOf } from './stage.ts'

const processes = suite('templates in other processes')

const folder = mkdtempSync(join(tmpdir(), 'oarlock-precompiled-'))
processes.after(() => rmSync(folder, { recursive: true, force: true }))

/** Runs a fixture as this file is run, and reads what it prints. */
function printed(fixture: string, options: readonly string[], args: readonly string[]): unknown {
  const file = fileURLToPath(new URL(`fixtures/${fixture}.ts`, import.meta.url))
  const child = spawnSync(process.execPath, [...process.execArgv, ...options, file, ...args], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  assert.is(child.status, 0, child.stderr)
  return JSON.parse(child.stdout)
}

processes('T30: precompiled templates render where no code is made from text, and load no compiler', () => {
  const module = join(folder, 'templates.mjs')
  const shout = helper({ name: 'shout', args: [Type.String()], run: text => `${text.toUpperCase()}!` })
  const definitions = [
    {
      id: 'layout',
      text: '{{#block "who"}}You help.{{/block}}{{#each list as |item i|}} {{i}}{{item}}{{../name}}{{/each}}',
      fragment: true,
    },
    { id: 'child', extends: 'layout', text: '{{#block "who"}}{{super}} {{shout name}}{{> sign}}{{/block}}' },
    { id: 'sign', text: ' -- {{upper name}}', fragment: true },
  ]
  writeFileSync(module, setOf(definitions, { helpers: [shout] }).precompile())
  assert.equal(printed('precompiled', ['--disallow-code-generation-from-strings'], [module]), {
    said: 'You help. ADA! -- ADA 0xada',
    evaluated: 'EvalError',
    loaded: [],
  })
})

processes('a server without the package says clearly what to import, and with it takes the same prompts', () => {
  const refusal = (origin: string): string =>
    `${origin}: It has a template, and no template engine is installed. Import @oarlock/prompts, or give the server { templates }.`
  assert.equal(printed('naked', [], []), ['Prompts.decorated', 'Prompts.field', "server.prompt('built')"].map(refusal))
  assert.equal(printed('naked', [], ['imported']), ['fine', 'fine', 'fine'])
})

processes.run()
