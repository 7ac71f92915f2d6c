/** Places in a value, kept as a chain so that walking costs little, and written out only for the few that have an issue. */

import { excerpt } from '@oarlock/protocol'
import { segment } from './keyword.ts'
import type { Issue } from './schema.ts'

/** A place in a value: the names that lead to it, last first. Undefined is the value itself. */
export interface Place {
  readonly outer: Place | undefined
  readonly name: string | number
}

/** Characters of a name, and of a whole path, that are repeated. */
const NAME_LENGTH = 64
const PATH_LENGTH = 200

/** An issue at a place. Names come from the caller: they are cut, and stripped of what would break a line (THREATS T35). */
export function issue(at: Place | undefined, message: string): Issue {
  const path = pathOf(at)
  return { path: path.length > PATH_LENGTH ? `…${path.slice(-PATH_LENGTH)}` : path, message: excerpt(message, 400) }
}

function pathOf(at: Place | undefined): string {
  const names: string[] = []
  for (let place = at; place !== undefined; place = place.outer) {
    const name = typeof place.name === 'number' ? String(place.name) : excerpt(place.name, NAME_LENGTH).replace(/\p{Cc}/gu, '?')
    names.push(`/${segment(name)}`)
  }
  return names.toReversed().join('')
}
