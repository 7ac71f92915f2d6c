/** Judges a pattern at registration: a caller's text must not keep the process busy (DIGEST S-JS-07, THREATS T22). */

import { excerpt } from '@oarlock/protocol'
import { backtracking, type Backtracking } from './backtracking.ts'

/** Characters a string may have where the schema sets no limit; about what a message can carry. */
const LONGEST = 1_000_000

/** Steps that one match may take: about a third of a second. */
const MAX_STEPS = 100_000_000

/**
 * What is wrong with a pattern, for texts of at most `maxLength` characters. Patterns whose work can grow exponentially are always refused; those
 * whose work grows like a power, unless `maxLength` keeps it small.
 */
export function patternProblem(
  pattern: string,
  maxLength: number | undefined,
): { readonly severity: 'error' | 'warning'; readonly message: string } | undefined {
  const shown = excerpt(pattern, 120)
  try {
    const { kind, steps } = judged(pattern)
    if (kind === 'unknown')
      return { severity: 'warning', message: `the pattern ${shown} is too large to be checked for excessive backtracking` }
    if (kind === 'exponential') {
      return {
        severity: 'error',
        message: `the pattern ${shown} can take exponential time: a repeated part can match the same text in several ways`,
      }
    }
    if (steps(maxLength ?? LONGEST) <= MAX_STEPS) return undefined
    return { severity: 'error', message: `the pattern ${shown} can take very long: ${cure(pattern, steps)}` }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { severity: 'error', message: `the pattern ${shown} is no regular expression with flag u (${excerpt(error.message, 200)})` }
  }
}

/** Verdicts by pattern: a library writes the same one into every schema. */
const KNOWN = new Map<string, Backtracking>()
const MOST_KNOWN = 1_000

function judged(pattern: string): Backtracking {
  const known = KNOWN.get(pattern)
  if (known !== undefined) return known
  const verdict = backtracking(pattern)
  if (KNOWN.size < MOST_KNOWN) KNOWN.set(pattern, verdict)
  return verdict
}

function cure(pattern: string, steps: (length: number) => number): string {
  const enough = [100_000, 10_000, 1_000, 100].find(length => steps(length) <= MAX_STEPS)
  const anchor = pattern.startsWith('^') ? 'make repeated parts tell apart' : 'begin it with ^'
  return enough === undefined ? anchor : `${anchor}, or give the string a maxLength of at most ${enough}`
}
