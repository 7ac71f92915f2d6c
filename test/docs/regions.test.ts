/** Code in the documentation that says where it comes from is what stands there. `OARLOCK_UPDATE=1` writes it down anew. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ROOT } from '../runner/place.ts'

const test = suite('documentation')

const FENCE = /<!-- (\S+?)(?:#(\S+))? -->\n```(\w+)\n([^]*?)```/g

const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.md'))

/** The lines between `// #region name` and `// #endregion`, or the whole file. */
function region(file: string, name: string | undefined): string {
  const text = readFileSync(join(ROOT, file), 'utf8')
  if (name === undefined) return text
  const start = text.indexOf(`// #region ${name}\n`)
  assert.ok(start >= 0, `${file} has no region ${name}`)
  const first = text.indexOf('\n', start) + 1
  return text.slice(first, text.indexOf('// #endregion', first)).trimEnd() + '\n'
}

for (const page of pages) {
  const path = join(ROOT, 'docs', page)
  const text = readFileSync(path, 'utf8')
  const current = text.replaceAll(FENCE, (_, file: string, name: string | undefined, language: string) => {
    const label = name === undefined ? file : `${file}#${name}`
    return `<!-- ${label} -->\n\`\`\`${language}\n${region(file, name)}\`\`\``
  })
  if (text.search(FENCE) === -1) continue
  test(`${page} quotes its examples as they are`, () => {
    if (process.env['OARLOCK_UPDATE'] !== undefined) writeFileSync(path, current)
    else assert.is(text, current)
  })
}

test.run()
