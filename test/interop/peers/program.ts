/** Starts a server that we did not write as a program of its own, kept to the loopback interface. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A program that listens. */
export interface Program {
  /** `http://127.0.0.1:…`, without a path. */
  readonly origin: string
  close(): Promise<void>
}

/** Paths are relative to the repository, where tests run. */
const LOOPBACK = './test/interop/peers/loopback.mjs'

/** Starts it with this Node, on the given port or any free one, and waits until it listens. */
export async function startProgram(args: readonly string[], port = '0'): Promise<Program> {
  const env = { ...process.env, LOOPBACK_PORT: port }
  const child = spawn(process.execPath, ['--import', LOOPBACK, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const listening = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', line => {
      const found = /^loopback port (\d+)$/.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.on('close', code => reject(new Error(`${args.join(' ')} ended with ${code}\n${said}`)))
  })
  return {
    origin: `http://127.0.0.1:${listening}`,
    close: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
