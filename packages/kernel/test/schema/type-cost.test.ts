/** What inference costs the compiler: 300 tools must stay cheap (FACE.md). */

import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('type cost')

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const folder = join(root, '.cache', 'type-cost')

/** 300 tools of five fields, each with a handler that takes its arguments apart. */
function source(output: boolean): string {
  const schemas = fileURLToPath(new URL('../../src/schema/', import.meta.url))
  const tools = Array.from(
    { length: 300 },
    (_, index) => `tool({
  input: Type.Object({ a${index}: Type.Number(), b: Type.String(), c: Type.Optional(Type.Boolean()), d: Type.Array(Type.String()), e: Type.Union([Type.Literal('x${index}'), Type.Literal('y')]) }),
  ${output ? `output: Type.Object({ r${index}: Type.Number(), s: Type.String() }),` : ''}
}, ({ a${index}, b, c, d, e }) => ({ r${index}: a${index} + d.length, s: b + e + String(c) }))`,
  )
  return `import { Type } from 'typebox'
import type { In, Out } from '${schemas}infer.ts'
import type { Schema } from '${schemas}schema.ts'
declare function tool<I extends Schema = Schema, O extends Schema = Schema>(options: { input?: I; output?: O }, run: (args: In<I>) => Out<O> | Promise<Out<O>>): void
${tools.join('\n')}
`
}

function instantiations(output: boolean): number {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, output ? 'with-output.ts' : 'input.ts')
  writeFileSync(file, source(output))
  const options =
    '--ignoreConfig --noEmit --strict --skipLibCheck --exactOptionalPropertyTypes --allowImportingTsExtensions --extendedDiagnostics'
  const modules = '--target es2023 --module nodenext --customConditions @oarlock/source --lib es2024,dom,esnext.disposable --types node'
  const report = execFileSync(join(root, 'node_modules/.bin/tsc'), [...options.split(' '), ...modules.split(' '), file], {
    cwd: root,
    encoding: 'utf8',
  })
  return Number(/Instantiations:\s+(\d+)/.exec(report)?.[1])
}

test('300 tools cost less than half a million instantiations, and little more with output schemas', () => {
  try {
    const [input, both] = [instantiations(false), instantiations(true)]
    assert.ok(input < 500_000, `${input} instantiations`)
    assert.ok(both < 575_000, `${both} instantiations with output schemas`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.run()
