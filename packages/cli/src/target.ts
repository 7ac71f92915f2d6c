/** What TARGET on the command line stands for: a URL, a file to be served, or a command. */

import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Target } from 'oarlock'
import { Failure, MISUSED } from './failure.ts'
import { words } from './words.ts'

/**
 * The target of a call. A command gets the whole environment of this process: whoever types it here could as well run it here.
 * @throws Failure for a file that is not there
 */
export function targetOf(text: string): Target {
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(text)) return text
  const env = { ...process.env } as Record<string, string>
  if (existsSync(text) && statSync(text).isFile() && isModule(text)) {
    return { command: process.execPath, args: [...process.execArgv, process.argv[1] as string, 'run', resolve(text)], env }
  }
  const [command, ...args] = words(text)
  if (command === undefined) throw new Failure('TARGET is a URL, a file, or a command in quotes', MISUSED)
  if (args.length === 0 && isModule(command)) throw new Failure(`${command} does not exist`, MISUSED)
  return { command, args, env }
}

function isModule(name: string): boolean {
  return /\.[cm]?[jt]sx?$/.test(name)
}
