/** What providers find wrong about themselves, for `server.check()`: one that fails, or does not answer, is a finding too. */

import { isObject, type Clock } from '@oarlock/protocol'
import type { Finding, Provider } from './catalog/provider.ts'
import type { Problem } from './check.ts'
import { inTime } from './in-time.ts'

/** So long a provider may look. */
const PATIENCE_MS = 10_000

/** Asks all of them at once. Resolves in their order, whatever they do. */
export async function checkProviders(providers: readonly Provider[], clock: Clock): Promise<readonly Problem[]> {
  const found = await Promise.all(providers.map(provider => findingsOf(provider, clock)))
  return found.flatMap((findings, index) => findings.map(finding => problemOf(finding, providers[index]?.name ?? 'offer')))
}

async function findingsOf(provider: Provider, clock: Clock): Promise<readonly Finding[]> {
  try {
    const found = await inTime(asked(provider), PATIENCE_MS, clock, () => new Error(`no answer within ${PATIENCE_MS / 1_000} s`))
    if (!Array.isArray(found)) throw new TypeError('it must return a list')
    return found.map((finding: unknown) => (isObject(finding) ? (finding as unknown as Finding) : error(String(finding))))
  } catch (cause) {
    return [error(`its check() failed: ${cause instanceof Error ? cause.message : String(cause)}`)]
  }
}

/** What is thrown at once is a rejection like any other. */
async function asked(provider: Provider): Promise<unknown> {
  return provider.check === undefined ? [] : provider.check()
}

const error = (message: string): Finding => ({ severity: 'error', message })

/** The place in the words of editors and terminals, which make links of them. */
function problemOf(finding: Finding, name: string): Problem {
  const { file, line, column, prompt } = finding
  const place =
    file === undefined ? prompt : [file, line, line === undefined ? undefined : column].filter(part => part !== undefined).join(':')
  return { ...finding, where: place === undefined ? name : `${name}: ${place}` }
}
