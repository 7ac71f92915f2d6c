/** Starts servers as programs of their own that listen on the loopback interface. */
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

/** Starts a program that we did not write, with this Node, on the given port or any free one, and waits until it listens. */
export function startProgram(args: readonly string[], port = '0'): Promise<Program> {
  return start(['--import', LOOPBACK, ...args], { LOOPBACK_PORT: port }, /^listens at (http:\S+)$/)
}

/** Starts an example from its sources, on a free port that it prints. */
export function startExample(file: string): Promise<Program> {
  return start([...process.execArgv, file], { PORT: '0' }, /(http:\/\/\S+)\/mcp/)
}

async function start(args: readonly string[], env: NodeJS.ProcessEnv, sign: RegExp): Promise<Program> {
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(child, 'close')
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const origin = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', line => {
      const found = sign.exec(line)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.on('close', code => reject(new Error(`${args.join(' ')} ended with ${code}\n${said}`)))
  })
  return {
    origin,
    close: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}
