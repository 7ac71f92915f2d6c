/**
 * Asks the registry for known vulnerabilities of what production needs, and fails for any. Where the registry does not offer that, or cannot be
 * reached, it says so and counts as skipped; what may be installed at all is tested by `test/architecture/dependencies.test.ts` in any case.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** What an audit comes to. */
export type Verdict =
  | { readonly kind: 'clean' }
  | { readonly kind: 'vulnerable'; readonly found: readonly string[] }
  | { readonly kind: 'unanswered'; readonly why: string }

interface Advisory {
  readonly module_name?: string
  readonly severity?: string
  readonly title?: string
  readonly url?: string
}

/** Reads what `pnpm audit --json` printed. Only an answer that counts vulnerabilities is one. */
export function verdictOf(output: string): Verdict {
  const start = output.indexOf('{')
  try {
    const { advisories, metadata } = JSON.parse(output.slice(start)) as {
      advisories?: Readonly<Record<string, Advisory>>
      metadata?: { vulnerabilities?: Readonly<Record<string, number>> }
    }
    const counts = Object.values(metadata?.vulnerabilities ?? {})
    if (counts.length > 0) {
      const found = Object.values(advisories ?? {}).map(each => `${each.severity} ${each.module_name}: ${each.title} ${each.url}`)
      const count = counts.reduce((sum, each) => sum + each, 0)
      if (count === 0 && found.length === 0) return { kind: 'clean' }
      return { kind: 'vulnerable', found: found.length > 0 ? found : [`${count} that are not described`] }
    }
  } catch {
    // It is no report: an error in words.
  }
  const status = /responded with (\d{3})|\b(4\d\d|5\d\d) [A-Z]/.exec(output)
  const why = status === null ? 'it could not be reached' : `it answers ${status[1] ?? status[2]}`
  return { kind: 'unanswered', why }
}

if (import.meta.main) {
  const { packageManager } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { packageManager: string }
  const { stdout, stderr } = spawnSync('npx', ['-y', packageManager, 'audit', '--prod', '--json'], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 120_000,
  })
  const verdict = verdictOf(stdout.includes('{') ? stdout : `${stdout}${stderr}`)
  if (verdict.kind === 'clean') console.log('No known vulnerability in what production needs')
  if (verdict.kind === 'unanswered')
    console.log(`SKIPPED: known vulnerabilities, because the registry of this machine tells none: ${verdict.why}`)
  if (verdict.kind === 'vulnerable') console.log(verdict.found.join('\n'))
  const [passed, failed, skipped] = ['clean', 'vulnerable', 'unanswered'].map(kind => (verdict.kind === kind ? 1 : 0))
  console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exitCode = failed
}
