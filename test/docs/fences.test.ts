/** Every TypeScript program in the guides and the README passes the type checker, as a module of its own. */
// time limit: 120 s

import { execFile } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ROOT } from '../runner/place.ts'

const test = suite('programs in the documentation')

const PLACE = join(ROOT, '.cache', 'fences')
const FENCE = /(<!-- \S+ -->\n)?```ts\n([^]*?)```/g

/** The pages whose programs are whole; fences that quote a file are checked where they stand. */
const pages = ['README.md', ...readdirSync(join(ROOT, 'docs/guides')).map(name => `docs/guides/${name}`)].filter(name =>
  name.endsWith('.md'),
)

function programs(page: string): readonly string[] {
  return Array.from(readFileSync(join(ROOT, page), 'utf8').matchAll(FENCE))
    .filter(([, quoted]) => quoted === undefined)
    .map(([, , code]) => code as string)
    .filter(code => code.includes('import '))
}

function typeCheck(): Promise<string> {
  return new Promise(resolve => {
    execFile(join(ROOT, 'node_modules/.bin/tsc'), ['-p', PLACE], { cwd: ROOT }, (_error, stdout) => resolve(stdout))
  })
}

test('they are what the type checker accepts', async () => {
  rmSync(PLACE, { recursive: true, force: true })
  mkdirSync(PLACE, { recursive: true })
  const config = { extends: '../../tsconfig.test.json', compilerOptions: { types: ['node'], incremental: false }, include: ['*.ts'] }
  writeFileSync(join(PLACE, 'tsconfig.json'), JSON.stringify(config))
  let count = 0
  for (const page of pages) {
    for (const code of programs(page)) {
      count += 1
      writeFileSync(join(PLACE, `${page.replaceAll(/[/.]/g, '-')}-${count}.ts`), `// ${page}\n${code}`)
    }
  }
  assert.ok(count >= 4, `${count} programs were found`)
  assert.is(await typeCheck(), '')
})

test.run()
