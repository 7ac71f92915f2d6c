/** The error that a connection ends with when the server's process ended by itself. */

const BRAND = Symbol.for('oarlock.process-ended')

/** The process ended though nobody closed the connection. The message holds how it ended and the last that it said on standard error. */
export class ProcessEnded extends Error {
  /** Its exit code, where it exited by itself. */
  readonly exitCode: number | null
  /** The signal that ended it, where one of somebody else did. */
  readonly signal: string | null
  /** Its last lines of standard error, the newest last. */
  readonly stderr: readonly string[]

  constructor(exitCode: number | null, signal: string | null, stderr: readonly string[]) {
    const reason = telling(stderr)
    super(`The server process ${how(exitCode, signal)}${reason === undefined ? '' : `: ${reason}`}`)
    this.name = 'ProcessEnded'
    this.exitCode = exitCode
    this.signal = signal
    this.stderr = stderr
  }

  /** True for errors of any copy of this package in the process. */
  static is(value: unknown): value is ProcessEnded {
    return typeof value === 'object' && value !== null && BRAND in value
  }
}
Object.defineProperty(ProcessEnded.prototype, BRAND, { value: true })

function how(exitCode: number | null, signal: string | null): string {
  if (signal !== null) return `was ended by ${signal}`
  return exitCode === null ? 'closed one of its streams and was ended' : `ended with exit code ${exitCode}`
}

/** What ends the account that Node gives of an error: frames of the stack, a bracket, the version. */
const TRAILING = /^\s*$|^\s+at |^\s*[{}\])]|^Node\.js v\d|^\s{2}\S+: .*,?$/

/** The last line that says something. */
function telling(lines: readonly string[]): string | undefined {
  return lines.findLast(line => !TRAILING.test(line))?.trim()
}
