/** What TARGET on the command line stands for: a URL, a file to be served, or a command. */

import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Target } from 'oarlock'
import { Failure, MISUSED } from './failure.ts'
import { words } from './words.ts'

/**
 * The target of a call, and whether it is a file that this command serves for it. A command gets the whole environment of this process: whoever types it here could as well run it here.
 * @throws Failure for a file that is not there
 */
export function targetOf(text: string): { readonly to: Target; readonly isFile: boolean } {
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(text)) return { to: text, isFile: false }
  const env = { ...process.env } as Record<string, string>
  if (existsSync(text) && statSync(text).isFile() && isModule(text)) {
    const args = [...process.execArgv, process.argv[1] as string, 'run', resolve(text)]
    return { to: { command: process.execPath, args, env }, isFile: true }
  }
  const [command, ...args] = words(text)
  if (command === undefined) throw new Failure('TARGET is a URL, a file, or a command in quotes', MISUSED)
  if (args.length === 0 && isModule(command)) throw new Failure(`${command} does not exist`, MISUSED)
  if (args.length === 0 && ADDRESS.test(command))
    throw new Failure(`${command} is no URL. Did you mean http://${withPath(command)}?`, MISUSED)
  return { to: { command, args, env }, isFile: false }
}

/** A host and a port, or a host that nobody would call a program, with a path perhaps. */
const ADDRESS = /^(?:[\w.-]+|\[[\da-f:.]+\]):\d+(?:\/|$)|^localhost(?:\/|$)/i

function withPath(address: string): string {
  return /\/./.test(address) ? address : `${address.replace(/\/$/, '')}/mcp`
}

function isModule(name: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(name)
}
