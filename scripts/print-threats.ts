/**
 * Prints the reference page "Threats": for each threat the tests whose names begin with it. Found in the sources of the tests, not by running them.
 *
 * `node -C @oarlock/source --import ./test/runner/register.ts scripts/print-threats.ts` writes the page; with `--check` it only says whether the
 * page is current.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { THREATS, type Immunity, type Threat } from './threats.ts'

const ROOT = fileURLToPath(new URL('../', import.meta.url))
const PAGE = new URL('../docs/reference/threats.md', import.meta.url)

/** A test that stands for a threat. */
export interface ThreatTest {
  readonly id: string
  readonly file: string
  /** The name without its ids. */
  readonly name: string
}

const THREAT = String.raw`(?:row \d+|T\d+)`
/** A threat, or a requirement of the specification. */
const ID = String.raw`(?:${THREAT}|[A-Z]+-[A-Z]+-\d+)`
/** The first argument of a call, or the first element of a list, that begins with ids and a colon. Labels of assertions stand elsewhere. */
const NAME = new RegExp(String.raw`[(\[]\s*(['"\`])((?:\$\{\w+\}(?:, \$\{\w+\})?: )?)(${ID}(?:, ${ID})*): ((?:\\.|(?!\1)[^\\\n])*)\1`, 'g')

/** Every test named after a threat, in order of files and lines. */
export function threatTests(): ThreatTest[] {
  const files = globSync(['packages/*/test/**/*.ts', 'test/**/*.ts'], { cwd: ROOT, exclude: path => path.includes('node_modules') })
  return files.toSorted(byText).flatMap(file =>
    [...readFileSync(`${ROOT}${file}`, 'utf8').matchAll(NAME)].flatMap(([, , , ids = '', name = '']) =>
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

What has gone wrong in MCP software and what holds Oarlock to doing better: every threat that we know of, why it cannot harm, and the tests whose
names begin with it. Those that concern something that is not built yet are here too, and say what they wait for.

Printed from the names of the tests. Do not edit: name a test after a threat, or write down in \`scripts/threats.ts\` why it cannot harm, and run
\`node -C @oarlock/source --import ./test/runner/register.ts scripts/print-threats.ts\`. A threat is run alone with
\`node test/runner/run.ts FILE\`.

**How you know that they pass.** "Passes" in the table says: the tests are part of the suite, and \`.ci/run\` runs the suite whole, with nothing left
out, and lands nothing that fails. A test of the same suite (\`test/docs/threats-page.test.ts\`) holds this page to the names that are there, and
demands of every threat to something that exists a test against real sockets, files or processes. So of a commit that has landed the table is true;
of the tree before you \`pnpm test\` says whether it is.

*By construction* means that there is no way to do it wrong. *Checked* means that one place looks at it, which is named with the reason why it has to.`

/** The page, as Markdown. */
export function page(): string {
  const tests = threatTests()
  const own = ({ id }: Threat): readonly ThreatTest[] => tests.filter(each => each.id === id)
  const table = THREATS.map(threat => overview(threat, own(threat).length))
  const sections = THREATS.map(threat => section(threat, own(threat)))
  return `${[INTRODUCTION, ['| | threat | immune | tests | result |', '|---|---|---|---|---|', ...table].join('\n'), ...sections].join('\n\n')}\n`
}

const IMMUNE: Readonly<Record<Immunity, string>> = { construction: 'by construction', checked: 'checked', waits: 'nothing to harm yet' }

function overview({ id, title, by }: Threat, count: number): string {
  const link = `[${id}](#${`${id}: ${title}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-')})`
  return `| ${link} | ${title} | ${IMMUNE[by]} | ${count} | ${count === 0 ? 'waits' : 'passes'} |`
}

function section({ id, title, seen, by, how, waits }: Threat, tests: readonly ThreatTest[]): string {
  const files = Map.groupBy(tests, ({ file }) => file)
  const lines = [...files].map(([file, own]) => `- \`${file}\`\n${[...new Set(own.map(({ name }) => `  - ${name}`))].join('\n')}`)
  const parts = [
    `## ${id}: ${title}`,
    seen === undefined ? undefined : `Seen elsewhere: ${seen}.`,
    by === 'waits' ? how : `${by === 'construction' ? 'By construction' : 'Checked'}. ${how}`,
    waits === undefined ? undefined : `Waits for what it concerns besides: ${waits}.`,
    lines.length === 0 ? undefined : lines.join('\n'),
  ]
  return parts.filter(part => part !== undefined).join('\n\n')
}

if (import.meta.main) {
  const text = page()
  if (!process.argv.includes('--check')) writeFileSync(PAGE, text)
  else if (readFileSync(PAGE, 'utf8') !== text) {
    process.stderr.write('docs/reference/threats.md is not current: run scripts/print-threats.ts\n')
    process.exitCode = 1
  }
}
