/**
 * Prints the reference page "Threats": for each threat the tests whose names begin with it. Found in the sources of the tests, not by running them.
 *
 * `node -C @oarlock/source --import ./test/runner/register.ts scripts/print-threats.ts` writes the page; with `--check` it only says whether the
 * page is current.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { THREATS, type Threat } from './threats.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const PAGE = new URL('../docs/reference/threats.md', import.meta.url)

/** A test that stands for a threat. */
export interface ThreatTest {
  readonly id: string
  readonly file: string
  /** The name without its ids. */
  readonly name: string
}

const ID = String.raw`(?:row \d+|T\d+)`
/** The first argument of a call, or the first element of a list, that begins with ids and a colon. Labels of assertions stand elsewhere. */
const NAME = new RegExp(String.raw`[(\[]\s*(['"\`])(${ID}(?:, (?:${ID}|[A-Z]+-[A-Z]+-\d+))*): ((?:\\.|(?!\1)[^\\\n])*)\1`, 'g')

/** Every test named after a threat, in order of files and lines. */
export function threatTests(): ThreatTest[] {
  const files = globSync(['packages/*/test/**/*.ts', 'test/**/*.ts'], { cwd: ROOT, exclude: path => path.includes('node_modules') })
  return files.toSorted(byText).flatMap(file =>
    [...readFileSync(`${ROOT}${file}`, 'utf8').matchAll(NAME)].flatMap(([, , ids = '', name = '']) =>
      ids
        .split(', ')
        .filter(id => !id.includes('-'))
        .map(id => ({ id, file, name: spoken(name) })),
    ),
  )
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** A name as it would be read: what a template fills in is left open. */
function spoken(name: string): string {
  const plain = name.replaceAll(/^\$\{name\}: |\\(?=['"`])/g, '').replaceAll(/\$\{[^}]*\}/g, '…')
  return plain.replaceAll(/[\\`*_<>|[\]]/g, '\\$&')
}

const INTRODUCTION = `# Threats

What has gone wrong in MCP software and what holds Oarlock to doing better: for each threat the tests whose names begin with it. Printed from the
tests. Do not edit: name a test after a threat and run
\`node -C @oarlock/source --import ./test/runner/register.ts scripts/print-threats.ts\`. A threat is run alone with
\`node test/runner/run.ts FILE\`.`

/** The page, as Markdown. */
export function page(): string {
  const tests = threatTests()
  const sections = THREATS.flatMap(threat => {
    const own = tests.filter(({ id }) => id === threat.id)
    return own.length === 0 ? [] : [section(threat, own)]
  })
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`
}

function section({ id, title, seen }: Threat, tests: readonly ThreatTest[]): string {
  const files = Map.groupBy(tests, ({ file }) => file)
  const lines = [...files].map(([file, own]) => `- \`${file}\`\n${[...new Set(own.map(({ name }) => `  - ${name}`))].join('\n')}`)
  return `## ${id}: ${title}\n\n${seen === undefined ? '' : `Seen elsewhere: ${seen}.\n\n`}${lines.join('\n')}`
}

if (import.meta.main) {
  const text = page()
  if (!process.argv.includes('--check')) writeFileSync(PAGE, text)
  else if (readFileSync(PAGE, 'utf8') !== text) {
    process.stderr.write('docs/reference/threats.md is not current: run scripts/print-threats.ts\n')
    process.exitCode = 1
  }
}
