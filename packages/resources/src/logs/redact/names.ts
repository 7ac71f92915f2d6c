/** Names whose values are secrets: of JSON members, headers, parameters, environment variables and command line options. */

/** Ends of such names, in lower case and without `_`, `-`, `.` and blanks. */
const ENDS = [
  'password passwd passphrase passcode pwd secret token jwt psk otp',
  'apikey accesskey secretkey privatekey signingkey encryptionkey masterkey authkey accountkey sharedkey sessionkey',
  'authorization cookie cookies credential credentials sessionid connectionstring connectsid',
].flatMap(line => line.split(' '))
const WHOLE: ReadonlySet<string> = new Set(['pass', 'pw', 'sid', 'pin', 'auth', 'xauth'])
/** `DB_PASS`, `dbPass`, but not `bypass`. */
const PASS = /(?:[_.-]pass|[a-z]Pass|_PASS)$/
/** Headers whose value reaches to the end of the line. */
const LINES = /(?:authorization|cookie)$/i

/** The longest name that is looked at. */
export const MAX_NAME = 64

/** Whether a name says that its value is a secret. */
export type SecretName = (name: string) => boolean

/** The names known by default, if wanted, and others, which count in any case, with any separators, and as the end of longer names. */
export function secretNames(more: readonly string[], defaults: boolean): SecretName {
  const ends = [...(defaults ? ENDS : []), ...more.map(bare)].filter(end => end !== '')
  // One name is met in line after line.
  const known = new Map<string, boolean>()
  return name => {
    const before = known.get(name)
    if (before !== undefined) return before
    const word = bare(name)
    const secret = ends.some(end => word.endsWith(end)) || (defaults && (WHOLE.has(word) || PASS.test(name)))
    if (known.size < 1_000) known.set(name, secret)
    return secret
  }
}

/** Whether the value of this name is a whole line where it stands in text. */
export function takesLine(name: string): boolean {
  return LINES.test(name)
}

function bare(name: string): string {
  return name
    .slice(-MAX_NAME)
    .replaceAll(/[_\-.\s]/g, '')
    .toLowerCase()
}
