/** The other side of a child process: writes lines to it and reads what it says, line by line. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** Arguments for Node to run a file from the sources. */
export const fromSource = (file: string): string[] => [
  '-C',
  '@oarlock/source',
  '--import',
  `${ROOT}test/runner/register.ts`,
  fileURLToPath(new URL(`fixtures/${file}`, import.meta.url)),
]

export class Peer {
  readonly child: ChildProcess
  readonly exit: Promise<[code: number | null, signal: string | null]>
  errors = ''
  output = ''
  #read = 0
  #wake: (() => void) | undefined

  constructor(args: readonly string[], env: Record<string, string> = {}, input: 'pipe' | number = 'pipe') {
    this.child = spawn(process.execPath, args, { cwd: ROOT, env: { ...process.env, ...env }, stdio: [input, 'pipe', 'pipe'] })
    this.exit = once(this.child, 'close') as Promise<[number | null, string | null]>
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.errors += text
      this.#wake?.()
    })
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text
      this.#wake?.()
    })
    this.child.stdin?.on('error', () => undefined)
    void this.exit.then(() => this.#wake?.())
  }

  write(text: string | Uint8Array): void {
    this.child.stdin?.write(text)
  }

  request(id: number, method: string, params: object = {}): void {
    this.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
  }

  /** Ends the input and tells how the process ended. */
  end(): Promise<[number | null, string | null]> {
    this.child.stdin?.end()
    return this.exit
  }

  /** The next line of output, parsed. */
  async next(): Promise<Record<string, unknown>> {
    await this.until(() => this.output.includes('\n', this.#read))
    const end = this.output.indexOf('\n', this.#read)
    const line = this.output.slice(this.#read, end)
    this.#read = end + 1
    return JSON.parse(line) as Record<string, unknown>
  }

  /** Resolves when the condition holds, looked at whenever the process says something; rejects when it ends first. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      if (this.child.exitCode !== null) throw new Error(`The process ended with code ${this.child.exitCode}\n${this.errors}`)
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }
}
