/** The house in processes of its own: one behind doors, others on their standard input and output. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname, extname, join, resolve } from 'node:path'
import type { Held, Ports } from './house.ts'
import { SECRETS } from './secrets.ts'

/** The file beside this one, compiled or not, as the test that runs is. */
function house(): string {
  const test = process.argv.find(each => /hostile\.test\.[jt]s$/.test(each)) as string
  return resolve(join(dirname(test), `house${extname(test)}`))
}

/** The packages as they are built, where that is wanted: the runner's own condition leads to their sources. */
function flags(): string[] {
  const own = process.execArgv.filter(flag => !flag.startsWith('--inspect'))
  if (process.env['OARLOCK_BUILT'] === undefined) return own
  return own.filter((flag, index) => flag !== '-C' && own[index - 1] !== '-C')
}

/** What a house tells of its memory, one question at a time. */
export class Memory {
  readonly #child: ChildProcess

  constructor(child: ChildProcess) {
    this.#child = child
  }

  async #ask(word: string): Promise<unknown> {
    this.#child.send(word)
    return ((await once(this.#child, 'message')) as [unknown])[0]
  }

  /** What is held at most, in bytes: nothing that takes time is done to find out. */
  atMost(): Promise<number> {
    return this.#ask('at most') as Promise<number>
  }

  /** The same after the rubbish was taken out once: what is not quite over yet is in it. */
  nearly(): Promise<number> {
    return this.#ask('nearly') as Promise<number>
  }

  /** What it takes when everything is over. */
  held(): Promise<Held> {
    return this.#ask('held') as Promise<Held>
  }
}

const env = { ...process.env, HOUSE_SECRET: SECRETS[0] }

/** The house behind its doors. */
export class House {
  readonly ports: Ports
  /** What it printed, which must stay nothing. */
  printed = ''
  readonly memory: Memory
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, ports: Ports) {
    this.#child = child
    this.memory = new Memory(child)
    this.ports = ports
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.printed += text))
  }

  static async open(): Promise<House> {
    const child = fork(house(), ['net'], { execArgv: [...flags(), '--expose-gc'], env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
    child.stderr?.pipe(process.stderr)
    const [ports] = (await once(child, 'message')) as [Ports]
    child.stderr?.unpipe(process.stderr)
    return new House(child, ports)
  }

  get lives(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  async close(): Promise<number | null> {
    if (!this.lives) return this.#child.exitCode
    this.#child.send('close')
    const [code] = (await once(this.#child, 'exit')) as [number | null]
    return code
  }
}

/** The house on its standard input and output. */
export class Pipe {
  output = ''
  errors = ''
  readonly ended: Promise<number | null>
  readonly memory: Memory
  readonly #child: ChildProcess
  #over = false
  #read = 0
  #wake: (() => void) | undefined

  constructor() {
    this.#child = spawn(process.execPath, [...flags(), '--expose-gc', house(), 'stdio'], { env, stdio: ['pipe', 'pipe', 'pipe', 'ipc'] })
    this.memory = new Memory(this.#child)
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text
      this.#wake?.()
    })
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.errors += text))
    this.#child.stdin?.on('error', () => {})
    this.ended = once(this.#child, 'close').then(([code]) => {
      this.#over = true
      this.#wake?.()
      return code as number | null
    })
  }

  write(bytes: string | Uint8Array): void {
    this.#child.stdin?.write(bytes)
  }

  end(): Promise<number | null> {
    this.#child.stdin?.end()
    return this.ended
  }

  kill(): void {
    this.#child.kill('SIGKILL')
  }

  /** The next line; undefined when there are no more. */
  async line(): Promise<string | undefined> {
    while (!this.output.includes('\n', this.#read) && !this.#over) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    const end = this.output.indexOf('\n', this.#read)
    if (end === -1) return undefined
    const line = this.output.slice(this.#read, end)
    this.#read = end + 1
    return line
  }
}
