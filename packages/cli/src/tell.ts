/** The one place where errors become words at the terminal: what is wrong, where, and what to do about it. */

import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { type ElicitRequestURLParams, LocalError } from '@oarlock/protocol'
import type { RemoteFault } from 'oarlock/client'
import { FAILED, Failure, MISUSED } from './failure.ts'
import { forTerminal } from './print.ts'

/**
 * Tells an error and returns the exit code. A stack is shown only where it was asked for; of an error that nobody foresaw the place is told that
 * it came from.
 */
export function tell(error: unknown, verbose: boolean): number {
  const words = verbose && !isSilent(error) ? inspect(error) : wordsFor(error)
  if (words !== '') console.error(forTerminal(words))
  if (error instanceof Failure) return error.exitCode
  return isMisuse(error) ? MISUSED : FAILED
}

function wordsFor(error: unknown): string {
  if (error instanceof Failure || isMisuse(error)) return error.message
  if (isRemote(error)) return [error.message, ...error.elicitations.map(visit)].join('\n')
  if (isExpected(error)) return withCauses(error)
  if (!(error instanceof Error)) return `Something was thrown that is no error: ${inspect(error)}`
  const place = placeOf(error)
  return `${String(error)}${place === undefined ? '' : `\n  at ${place}`}\nWith --verbose the whole stack is shown.`
}

/** All that there is to say was said by somebody else. */
function isSilent(error: unknown): boolean {
  return error instanceof Failure && error.message === ''
}

/** The argument parser's own complaint. */
function isMisuse(error: unknown): error is Error {
  return error instanceof Error && error.name === 'CLIError'
}

/** By its name: a command that serves starts fast, and so loads no client. */
function isRemote(error: unknown): error is RemoteFault {
  return error instanceof Error && error.name === 'RemoteFault'
}

/** What a server wants done before it does what it was asked. */
function visit({ url, message }: ElicitRequestURLParams): string {
  return `Visit ${url} (${message}), then call again.`
}

/** What a server, or the way to it, did. */
function isExpected(error: unknown): error is Error {
  if (LocalError.is(error)) return true
  const { code } = error as { code?: unknown }
  return error instanceof Error && typeof code === 'string'
}

function withCauses(error: Error): string {
  const { cause, message } = error
  return cause instanceof Error && !isSaid(cause, error) ? `${message}\n${withCauses(cause)}` : message
}

/** Whether an error says what its cause says, or what that was caused by: in its words, or by its code. */
function isSaid(cause: Error, error: Error): boolean {
  const { code } = cause as NodeJS.ErrnoException
  const own = (error as NodeJS.ErrnoException).code
  if (error.message.includes(cause.message) || (code !== undefined && (code === own || error.message.includes(code)))) return true
  return cause.cause instanceof Error && isSaid(cause.cause, error)
}

/** Where in somebody's own files it came from: the first frame that is neither Node's nor a dependency's. */
function placeOf({ stack = '' }: Error): string | undefined {
  for (const line of stack.split('\n')) {
    const place = /^\s+at (?:.*\()?((?:file:\/\/|\/|[A-Za-z]:\\).*?:\d+:\d+)\)?$/.exec(line)?.[1]
    if (place === undefined || /[\\/]node_modules[\\/]/.test(place)) continue
    return place.startsWith('file:') ? pathOf(place) : place
  }
  return undefined
}

function pathOf(place: string): string {
  const at = /:\d+:\d+$/.exec(place)?.index ?? place.length
  return `${fileURLToPath(place.slice(0, at))}${place.slice(at)}`
}
