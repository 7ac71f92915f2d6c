/** Starts a server's process, or says in plain words why that is impossible. */

import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { describe } from './describe.ts'
import { environment } from './environment.ts'
import type { StdioConnectorOptions } from './options.ts'

export type Child = ChildProcessByStdio<Writable, Readable, Readable | null>

/**
 * Resolves once the process runs. It leads a process group of its own, so that whatever it starts can be ended with it, and so that Ctrl-C in a
 * terminal reaches it only through us.
 * @throws Error that names the command and what is wrong with it
 */
export async function start(options: StdioConnectorOptions, signal?: AbortSignal): Promise<Child> {
  signal?.throwIfAborted()
  const child = trySpawn(options)
  try {
    await once(child, 'spawn', signal === undefined ? {} : { signal })
  } catch (error) {
    if (signal?.aborted !== true) throw explained(error, options)
    child.on('error', () => undefined).kill('SIGKILL')
    throw signal.reason
  }
  return child
}

function trySpawn(options: StdioConnectorOptions): Child {
  const { command, args = [], cwd, env, stderr } = options
  try {
    return spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: environment(env),
      stdio: ['pipe', 'pipe', stderr === 'ignore' ? 'ignore' : 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
      shell: false,
    }) as Child
  } catch (error) {
    throw explained(error, options)
  }
}

function explained(error: unknown, options: StdioConnectorOptions): Error {
  const { code } = error as NodeJS.ErrnoException
  const text = `Cannot start ${describe(options.command, options.args)}: ${reason(error, options)}`
  return Object.assign(new Error(text, { cause: error }), code === undefined ? {} : { code })
}

function reason(error: unknown, { command, cwd }: StdioConnectorOptions): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' && cwd !== undefined && !existsSync(cwd)) return `the folder ${cwd} does not exist`
  if (code === 'ENOENT' && process.platform === 'win32')
    return `${command} was not found as a program (batch files such as npx need command "cmd" and args ["/c", "npx", …])`
  if (code === 'ENOENT') return /[/\\]/.test(command) ? `${command} does not exist` : `${command} was not found in PATH`
  if (code === 'EACCES') return `${command} may not be executed`
  return message
}
