/** The whole command: picks the subcommand, prints help and errors, and says how it ended. */

import { stripVTControlCharacters } from 'node:util'
import { nearest } from '@oarlock/kernel'
import { LocalError } from '@oarlock/protocol'
import { type CommandDef, defineCommand, renderUsage, runCommand } from 'citty'
import { FAILED, Failure, MISUSED } from './failure.ts'
import { DEFAULT_PORT, DEFAULT_WS_PORT, fillOptional } from './flags.ts'
import { forTerminal } from './print.ts'
import { version } from './version.ts'

// Each is loaded when it is run: a server must start fast, and a call needs no server. The parser's type of a command depends on its arguments.
const COMMANDS: Readonly<Record<string, () => Promise<CommandDef>>> = {
  run: async () => (await import('./run.ts')).run as unknown as CommandDef,
  call: async () => (await import('./call.ts')).call as unknown as CommandDef,
}

const root = defineCommand({
  meta: { name: 'oarlock', description: 'Serve and call MCP servers' },
  subCommands: COMMANDS,
})

/** Runs the command line. Resolves to the exit code: 0, 1 when something failed, 2 when the command line makes no sense. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args
  try {
    if (name === '--version' || name === '-v') return print(version())
    const command = name === undefined ? undefined : COMMANDS[name]
    if (command === undefined) return await help(name)
    const chosen = await command()
    const end = rest.indexOf('--')
    if (rest.slice(0, end === -1 ? undefined : end).some(arg => arg === '--help' || arg === '-h')) return print(await usageOf(chosen))
    const withHttp = fillOptional(rest, '--http', isPort, DEFAULT_PORT)
    await runCommand(chosen, { rawArgs: fillOptional(withHttp, '--ws', isPort, DEFAULT_WS_PORT) })
    return 0
  } catch (error) {
    return tell(error)
  }
}

async function help(name: string | undefined): Promise<number> {
  const usage = await usageOf(root)
  if (name === '--help' || name === '-h' || name === 'help') return print(usage)
  console.error(name === undefined ? usage : `There is no command ${name}.${nearest(name, Object.keys(COMMANDS))}\n\n${usage}`)
  return MISUSED
}

/** The parser colours its help, whoever reads it. */
async function usageOf(command: CommandDef): Promise<string> {
  const usage = command === root ? await renderUsage(root) : await renderUsage(command, root)
  return process.stdout.isTTY ? usage : stripVTControlCharacters(usage)
}

function print(text: string): number {
  console.log(text)
  return 0
}

/** A Failure and what a server or the way to it did are told in words; anything else is somebody's bug and comes with its stack. */
function tell(error: unknown): number {
  if (error instanceof Failure) {
    if (error.message !== '') console.error(forTerminal(error.message))
    return error.exitCode
  }
  if (isMisuse(error)) {
    console.error(error.message)
    return MISUSED
  }
  console.error(isExpected(error) ? forTerminal(withCauses(error)) : error)
  return FAILED
}

const isPort = (word: string): boolean => /^\d+$/.test(word)

/** The argument parser's own complaint. */
function isMisuse(error: unknown): error is Error {
  return error instanceof Error && error.name === 'CLIError'
}

function isExpected(error: unknown): error is Error {
  if (LocalError.is(error)) return true
  const { name, code } = error as { name?: unknown; code?: unknown }
  return error instanceof Error && (name === 'RemoteFault' || typeof code === 'string')
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
