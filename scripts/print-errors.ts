/**
 * Prints the reference page "Errors" from the table of faults: for each name its number and status per revision, when it happens, and what to do.
 *
 * `node -C @oarlock/source --import ./test/runner/register.ts scripts/print-errors.ts` writes the page; with `--check` it only says whether the
 * page is current.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { FAULTS, numbersOf, REVISIONS, type FaultName, type Revision } from '@oarlock/protocol'
import { EXPLANATIONS } from './errors.ts'

const PAGE = new URL('../docs/reference/errors.md', import.meta.url)

const NAMES = Object.keys(FAULTS) as FaultName[]

const INTRODUCTION = `# Errors

Printed from the table of faults in \`@oarlock/protocol\`. Do not edit: change \`scripts/errors.ts\` and run
\`node -C @oarlock/source --import ./test/runner/register.ts scripts/print-errors.ts\`.

A protocol error has a name here and a number on the wire. Throw it by name, \`throw new Fault('RESOURCE_NOT_FOUND')\`, in a handler, a guard,
middleware or \`authenticate\`; the peer gets the number and the HTTP status that its revision has for the name, your text or the one below, and
your \`data\`. A \`cause\` stays in your log. What a tool wants to tell the model is no protocol error: throw \`ToolError\`.

The status is that of an answer which has not begun: once events flow, an error is their last one, under status 200. A message that is refused
before it has become a request has a status of at least 400. Other transports have no status.

The server writes the full error to its log (\`error.reported\`); where a text ends in "Error id: …", that id stands in the log too.`

/** The page, as Markdown. */
export function page(): string {
  return `${[INTRODUCTION, overview(), ...NAMES.map(section)].join('\n\n')}\n`
}

function overview(): string {
  const rows = NAMES.map(name => {
    const numbers = new Set(spans(name).map(({ code }) => code))
    return `| [\`${name}\`](#${name.toLowerCase()}) | ${[...numbers].join(', ')} | ${FAULTS[name].message} |`
  })
  return `| name | number | says |\n|---|---|---|\n${rows.join('\n')}`
}

function section(name: FaultName): string {
  const { when, fix } = EXPLANATIONS[name]
  const rows = spans(name).map(({ revisions, code, status }) => `| ${revisions} | ${code} | ${status} |`)
  return `## ${name}\n\n| revisions | number | HTTP status |\n|---|---|---|\n${rows.join('\n')}\n\n**Says:** ${FAULTS[name].message}\n\n**When:** ${when}\n\n**What to do:** ${fix}`
}

interface Numbers {
  readonly revisions: string
  readonly code: number
  readonly status: number
}

/** The runs of neighbouring revisions that share their numbers. */
function spans(name: FaultName): Numbers[] {
  const runs: { first: Revision; last: Revision; code: number; status: number }[] = []
  for (const revision of REVISIONS) {
    const { code, status } = numbersOf(name, revision)
    const run = runs.at(-1)
    if (run?.code === code && run.status === status) run.last = revision
    else runs.push({ first: revision, last: revision, code, status })
  }
  return runs.map(({ first, last, code, status }) => ({ revisions: said(first, last), code, status }))
}

function said(first: Revision, last: Revision): string {
  if (first === REVISIONS[0] && last === REVISIONS.at(-1)) return 'all'
  return first === last ? first : `${first} to ${last}`
}

if (import.meta.main) {
  const text = page()
  if (!process.argv.includes('--check')) writeFileSync(PAGE, text)
  else if (readFileSync(PAGE, 'utf8') !== text) {
    process.stderr.write('docs/reference/errors.md is not current: run scripts/print-errors.ts\n')
    process.exitCode = 1
  }
}
