/** A reason to stop that is told to the person at the terminal, without a stack. */

/** Exit code for something that did not work: a server that cannot be reached, a tool that fails. */
export const FAILED = 1

/** Exit code for a command line that makes no sense. */
export const MISUSED = 2

/** Ends the command with its message and exit code. */
export class Failure extends Error {
  readonly exitCode: number

  constructor(message: string, exitCode: number = FAILED, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'Failure'
    this.exitCode = exitCode
  }
}
