/** The whole command: picks the subcommand, prints help and errors, and says how it ended. */

import { stripVTControlCharacters } from 'node:util'
import { nearest } from '@oarlock/kernel'
import { type CommandDef, defineCommand, renderUsage, runCommand } from 'citty'
import { MISUSED } from './failure.ts'
import { DEFAULT_PORT, DEFAULT_WS_PORT, fillOptional } from './flags.ts'
import { tell } from './tell.ts'
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
  const end = rest.indexOf('--')
  const flags = rest.slice(0, end === -1 ? undefined : end)
  try {
    if (name === '--version' || name === '-v') return print(version())
    const command = name === undefined ? undefined : COMMANDS[name]
    if (command === undefined) return await help(name)
    const chosen = await command()
    if (flags.some(arg => arg === '--help' || arg === '-h')) return print(await usageOf(chosen))
    const withHttp = fillOptional(rest, '--http', isPort, DEFAULT_PORT)
    await runCommand(chosen, { rawArgs: fillOptional(withHttp, '--ws', isPort, DEFAULT_WS_PORT) })
    return 0
  } catch (error) {
    return tell(error, flags.includes('--verbose'))
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

const isPort = (word: string): boolean => /^\d+$/.test(word)
