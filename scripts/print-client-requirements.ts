/**
 * Prints the reference page that says which test holds which requirement of a client, from the titles of the tests.
 *
 * `node -C @oarlock/source --import ./test/runner/register.ts scripts/print-client-requirements.ts` writes the page; with `--check` it only
 * says whether the page is current.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { REQUIREMENTS } from './client-requirements.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const PAGE = new URL('../docs/reference/client-requirements.md', import.meta.url)

/** Requirements without a test, and why. By id or by group. */
const WITHOUT: Readonly<Record<string, string>> = {
  'C-TX': 'of the tasks extension',
  'C-APP': 'of MCP Apps: a matter of hosts that show views',
  'C-SKL': 'of the skills extension',
  'C-UTIL-06': 'of the tasks of 2025-11-25, which were experimental',
  'C-LEG-15': 'of the tasks of 2025-11-25, which were experimental',
  'C-SEC-01': 'this client shows no icons: a matter of hosts',
  'C-SEC-04': 'this client installs no servers: a matter of hosts',
}

/** Test files by the requirements that their titles name. `C-HTTP-02 to 05` names four. */
export function testsById(): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>()
  for (const path of [...testsUnder('packages'), ...testsUnder('test')].toSorted()) {
    for (const [, group, first, last] of readFileSync(`${ROOT}${path}`, 'utf8').matchAll(
      /\b(C-[A-Z]+)-(\d+)(?: to (?:C-[A-Z]+-)?(\d+))?/g,
    )) {
      for (let number = Number(first); number <= Number(last ?? first); number++) {
        const id = `${group}-${String(number).padStart(2, '0')}`
        const files = found.get(id) ?? new Set()
        found.set(id, files.add(path))
      }
    }
  }
  return new Map([...found].map(([id, files]) => [id, [...files]]))
}

/** Requirements that should have a test and have none. */
export function missing(): readonly string[] {
  const tests = testsById()
  return REQUIREMENTS.map(([id]) => id).filter(id => !tests.has(id) && reasonFor(id) === undefined)
}

/** The page, as Markdown. */
export function page(): string {
  const tests = testsById()
  const groups = [...new Set(REQUIREMENTS.map(([id]) => groupOf(id)))]
  const sections = groups.map(group => {
    const rows = REQUIREMENTS.filter(([id]) => groupOf(id) === group)
    const lines = rows.map(
      ([id, revisions, , level, what]) => `| ${id} | ${revisions} | ${level} | ${what.replaceAll('|', '\\|')} | ${cell(id, tests)} |`,
    )
    return `## ${group}\n\n| id | revisions | level | what | tests |\n|---|---|---|---|---|\n${lines.join('\n')}`
  })
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`
}

const INTRODUCTION = `# What a client has to do, and which test holds it

Printed from the titles of the tests. Do not edit: run \`node -C @oarlock/source --import ./test/runner/register.ts scripts/print-client-requirements.ts\`.
Revisions: M is 2026-07-28, L the ones before it, L1 to L4 each of them from 2024-11-05 on, * all.`

function cell(id: string, tests: ReadonlyMap<string, readonly string[]>): string {
  const files = tests.get(id)
  if (files === undefined) return `none: ${reasonFor(id) ?? 'it is missing'}`
  return files.map(file => `[${file.replace(/^packages\/|\.test\.ts$/g, '').replace('/test/', '/')}](../../${file})`).join(', ')
}

function groupOf(id: string): string {
  return id.slice(0, id.lastIndexOf('-'))
}

function reasonFor(id: string): string | undefined {
  return WITHOUT[id] ?? WITHOUT[groupOf(id)]
}

function testsUnder(folder: string): readonly string[] {
  return readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'node_modules' || entry.name === 'dist' || entry.name === 'src' ? [] : testsUnder(path)
    return entry.name.endsWith('.test.ts') ? [path] : []
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!process.argv.includes('--check')) writeFileSync(PAGE, page())
  else if (readFileSync(PAGE, 'utf8') !== page()) {
    process.stderr.write('docs/reference/client-requirements.md is not current: run scripts/print-client-requirements.ts\n')
    process.exitCode = 1
  }
}
