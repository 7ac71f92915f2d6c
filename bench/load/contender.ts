/** Starts a contender in a process of its own, on a core of its own. */
import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { onCore } from '../cpu.ts'

export interface Contender {
  readonly pid: number
  /** Its port; 0 for one that speaks over its pipes. */
  readonly port: number
  readonly child: ChildProcessByStdio<Writable, Readable, null>
  stop(): void
}

const SERVER_CORE = 0

/** What must not outlive this process. */
const running = new Set<{ kill(signal: 'SIGKILL'): boolean }>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** @param listens whether it prints its port as its first line */
export async function start(command: readonly string[], listens: boolean): Promise<Contender> {
  const [file = '', ...args] = onCore(SERVER_CORE, ...command)
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  running.add(child)
  child.on('exit', (code, signal) => {
    running.delete(child)
    if (signal === null && code !== 0) throw new Error(`${command.join(' ')} ended with ${String(code)}`)
  })
  const stop = (): void => void child.kill('SIGKILL')
  const port = listens ? await firstNumber(child.stdout) : 0
  // Whoever stopped reading lines has paused the stream, and a contender that logs would wait for its log to be read.
  if (listens) child.stdout.resume()
  return { pid: child.pid as number, port, child, stop }
}

async function firstNumber(stdout: Readable): Promise<number> {
  for await (const line of createInterface(stdout)) {
    if (/^\d+$/.test(line)) return Number(line)
  }
  throw new Error('The contender ended before it said its port')
}
