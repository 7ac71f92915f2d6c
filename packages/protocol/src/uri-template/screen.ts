/** Looks at a value that came out of a URI for the forms that lead out of a directory (THREATS T20). */

/** Why a value is not safe to be joined to a path. */
export type Hazard = 'nul' | 'backslash' | 'drive' | 'absolute' | 'traversal'

const DOT = 0x2e
const SPACE = 0x20

/**
 * What is dangerous about a decoded template value if it becomes part of a path or another URI: a NUL, a backslash (UNC paths included), a
 * drive letter, a leading slash, a `..` segment, with the trailing dots and spaces that Windows ignores. A value that would be one of these
 * after another round of decoding counts as well. Undefined when there is none. What only a file system knows (symbolic links, device
 * names, alternate streams) is for whoever opens the file.
 */
export function screen(value: string): Hazard | undefined {
  return hazardOf(value) ?? (value.includes('%') ? hazardOf(decodedAgain(value)) : undefined)
}

function hazardOf(value: string): Hazard | undefined {
  if (value.includes('\0')) return 'nul'
  if (value.includes('\\')) return 'backslash'
  if (value.charAt(1) === ':' && isLetter(value.charCodeAt(0))) return 'drive'
  if (value.startsWith('/')) return 'absolute'
  return climbs(value) ? 'traversal' : undefined
}

function climbs(value: string): boolean {
  for (let at = value.indexOf('..'); at !== -1; at = value.indexOf('..', at + 1)) {
    if (at > 0 && value.charAt(at - 1) !== '/') continue
    let end = at + 2
    while (value.charCodeAt(end) === DOT || value.charCodeAt(end) === SPACE) end++
    if (end >= value.length || value.charAt(end) === '/') return true
  }
  return false
}

function isLetter(code: number): boolean {
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x7a
}

// Encoded characters one by one: a stray % elsewhere in the value must not hide them.
function decodedAgain(value: string): string {
  return value.replaceAll(/%(?:00|2e|2f|5c|3a)/gi, code => String.fromCharCode(Number.parseInt(code.slice(1), 16)))
}
