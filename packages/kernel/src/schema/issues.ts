/** What is wrong with a value, as the text a model reads and mends its call by. */

import { excerpt } from '@oarlock/protocol'
import { MAX_ISSUES } from './explain.ts'
import type { Issue } from './schema.ts'

/** One line per issue, at most five: `` `/b`: expected number, found string ``. */
export function formatIssues(issues: readonly Issue[]): string {
  return issues.slice(0, MAX_ISSUES).map(line).join('\n')
}

function line({ path, message }: Issue): string {
  return path === '' ? excerpt(message, 600) : `\`${excerpt(path, 300)}\`: ${excerpt(message, 600)}`
}
