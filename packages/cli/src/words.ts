/** Splits a command line into words, as a shell would, but without running anything. */

import { Failure, MISUSED } from './failure.ts'

const WORD = /\s*((?:[^\s"'\\]|\\[^]|"(?:[^"\\]|\\[^])*"|'[^']*')+)/y

/** Words between spaces. Quotes keep spaces; a backslash keeps the character after it. @throws Failure for a quote without an end */
export function words(line: string): string[] {
  const found: string[] = []
  const text = line.trimEnd()
  WORD.lastIndex = 0
  while (WORD.lastIndex < text.length) {
    const match = WORD.exec(text)
    if (match === null) throw new Failure(`A quote in ${line} has no end`, MISUSED)
    found.push(unquoted(match[1] as string))
  }
  return found
}

function unquoted(word: string): string {
  return word.replaceAll(/"((?:[^"\\]|\\[^])*)"|'([^']*)'|\\([^])/g, (_, double?: string, single?: string, escaped?: string) => {
    if (double !== undefined) return double.replaceAll(/\\(["\\])/g, '$1')
    return single ?? escaped ?? ''
  })
}
