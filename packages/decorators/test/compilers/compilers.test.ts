/**
 * The same sources, through every compiler in every dialect it supports, do the same. What they do is written down in
 * `fixtures/stories.json`; to change it on purpose, run with `OARLOCK_UPDATE=1` and look at the difference.
 */
// time limit: 180 s
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ROOT } from '../../../../test/runner/place.ts'
import { compilers, type Compiler } from './compilers.ts'

const suiteOfCompilers = suite('compilers')

const EXPECTED = fileURLToPath(new URL('../fixtures/stories.json', import.meta.url))
const CACHE = join(ROOT, '.cache')

type Stories = Record<string, unknown>

/** Told once for all; only what a compiler reflects differs. */
interface Expected {
  readonly stories: Stories
  readonly reflection: { readonly with: unknown; readonly without: unknown }
}

const expected = JSON.parse(readFileSync(EXPECTED, 'utf8')) as Expected

async function told({ run }: Compiler): Promise<Stories> {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'dialect-'))
  try {
    return JSON.parse(await run(folder)) as Stories
  } finally {
    rmSync(folder, { recursive: true })
  }
}

for (const compiler of compilers) {
  const { name, dialect, reflect } = compiler
  suiteOfCompilers(`${name} with ${dialect} decorators${reflect ? ' that reflect types' : ''}`, async () => {
    const { reflection, ...stories } = await told(compiler)
    for (const [story, found] of Object.entries(stories)) assert.equal(found, expected.stories[story], story)
    assert.equal(
      Object.keys(stories).sort(),
      ['dto', 'fields', 'inherit', 'kinds', 'layers', dialect === 'standard' ? 'privates' : 'parameters'].sort(),
    )
    if (dialect === 'experimental') assert.equal(reflection, reflect ? expected.reflection.with : expected.reflection.without)
  })
}

if (process.env['OARLOCK_UPDATE'] === '1') {
  const tsc = (dialect: Compiler['dialect'], reflect: boolean) =>
    told(compilers.find(each => each.name === 'tsc' && each.dialect === dialect && each.reflect === reflect) as Compiler)
  const { reflection: plain, ...experimental } = await tsc('experimental', false)
  const { reflection: reflected } = await tsc('experimental', true)
  const stories = { ...(await tsc('standard', false)), parameters: experimental['parameters'] }
  writeFileSync(EXPECTED, `${JSON.stringify({ stories, reflection: { with: reflected, without: plain } }, null, 2)}\n`)
  console.log(`Written: ${EXPECTED}. Run again without OARLOCK_UPDATE.`)
}

suiteOfCompilers.run()
