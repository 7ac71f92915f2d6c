/** Runs the command from its sources, as Node runs TypeScript: without the test runner's compiler. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../src/bin.ts', import.meta.url))

/** Arguments for Node to run the command. */
export const COMMAND: readonly string[] = ['-C', '@oarlock/source', BIN]

/** Tests leave nothing in the home of whoever runs them. */
const KEEPS_NOTHING = { NODE_DISABLE_COMPILE_CACHE: '1' }

/** A file beside the tests. */
export const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url))

/** The command as a server that a client starts. */
export const child = (file: string, ...more: string[]) => ({
  command: process.execPath,
  args: [...COMMAND, 'run', file, ...more],
  env: KEEPS_NOTHING,
  stderr: 'ignore' as const,
})

export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Starts the command. */
export function start(
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): { child: ChildProcess; ended: Promise<Ended>; said(text: string): Promise<void> } {
  const child = spawn(process.execPath, [...COMMAND, ...args], { ...options, env: { ...process.env, ...KEEPS_NOTHING, ...options.env } })
  let out = ''
  let err = ''
  let wake = (): void => undefined
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    wake()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
    wake()
  })
  const ended = once(child, 'close').then(([code]) => {
    wake()
    return { code: code as number | null, out, err }
  })
  return {
    child,
    ended,
    async said(text) {
      while (!(out + err).includes(text)) {
        if (child.exitCode !== null) throw new Error(`ended without saying ${text}:\n${out}${err}`)
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
    },
  }
}

/** Runs the command to its end, with nothing on its input. */
export function oarlock(...args: readonly string[]): Promise<Ended> {
  const { child, ended } = start(args)
  child.stdin?.end()
  return ended
}
