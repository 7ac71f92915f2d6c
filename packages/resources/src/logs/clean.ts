/** Takes out of log text what could steer a terminal, hide, or turn the direction of what stands beside it (THREATS 22, T28). */

/** Everything that `clean` looks at, so that most text is passed on after one look. Tab and newline stay. */
const SUSPECT = /[^\P{Cc}\t\n]|[\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u
/** Sequences of terminals: colours and cursor movements, titles and links, and the short ones. The classes of one do not overlap. */
const SEQUENCES =
  // oxlint-disable-next-line no-control-regex -- they are what it is about
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[\]P^_X]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]*[0-~]/g
const INVISIBLE = /[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu
const CONTROLS = /[^\P{Cc}\t\n]|[\u2028\u2029]/gu

/**
 * Text without terminal sequences and invisible characters; other control characters are written out (`\u0007`). Done before anything is searched or
 * redacted, so that a character nobody sees cannot split a secret in two.
 */
export function clean(text: string): string {
  if (!SUSPECT.test(text)) return text
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll(SEQUENCES, '')
    .replaceAll(INVISIBLE, '')
    .replaceAll(CONTROLS, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
