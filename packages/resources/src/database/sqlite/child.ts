/** One process that holds a SQLite file, seen from the server: one job at a time, each with a time limit that holds. */

import { fork, type ChildProcess } from 'node:child_process'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DatabaseFailure } from '../port.ts'
import { unloadable } from './driver.ts'
import { ARGUMENT, type Answer, type Job, type OpenJob, type Results } from './jobs.ts'

/** Long enough for a process to start on a busy machine. */
const OPEN_MS = 20_000

interface Waiting {
  resolve(answer: Answer): void
  reject(failure: DatabaseFailure): void
}

/** The process ended by itself. */
class Ended extends DatabaseFailure {}

/** Starts with its first job, and anew after it was ended. */
export class SqliteChild {
  readonly #open: () => OpenJob
  #path = ''
  #process: ChildProcess | undefined
  #waiting: Waiting | undefined

  /** @param open asked each time a process starts */
  constructor(open: () => OpenJob) {
    this.#open = open
  }

  /** Whether a process is there already. */
  get started(): boolean {
    return this.#process !== undefined
  }

  /** Does one job. Never called while another is under way. @throws DatabaseFailure */
  async run<J extends Job>(job: J, timeoutMs: number, signal?: AbortSignal): Promise<Results[J['job']]> {
    const idle = this.started
    if (!idle) await this.#opened(signal)
    try {
      return await this.#result(job, timeoutMs, signal)
    } catch (cause) {
      // One that lay idle may have ended long ago.
      if (!idle || !(cause instanceof Ended)) throw cause
    }
    await this.#opened(signal)
    return this.#result(job, timeoutMs, signal)
  }

  /** Ends the process. */
  close(): void {
    this.#end(new DatabaseFailure('connection', 'the database is closed'))
  }

  async #opened(signal: AbortSignal | undefined): Promise<void> {
    const open = this.#open()
    this.#path = open.path
    this.#start()
    const answer = await this.#ask(open, OPEN_MS, signal)
    if (!('error' in answer)) return
    this.close()
    if (answer.unloadable === true) throw unloadable(open.module, answer.error.split('\n', 1)[0] ?? '')
    throw new DatabaseFailure('connection', `cannot open ${open.path} with ${open.module}: ${answer.error}`)
  }

  async #result<J extends Job>(job: J, timeoutMs: number, signal: AbortSignal | undefined): Promise<Results[J['job']]> {
    const answer = await this.#ask(job, timeoutMs, signal)
    if (!('error' in answer)) return answer.result as Results[J['job']]
    if (answer.unreadable !== true) throw new DatabaseFailure('statement', answer.error)
    // Whatever became of the file, or of its disk: it is opened anew.
    this.close()
    throw new DatabaseFailure('connection', `cannot read ${this.#path}: ${answer.error}${await fullness(this.#path)}`)
  }

  #start(): void {
    // No environment and no flags of the server's: it may hold secrets, and open debuggers.
    const child = fork(fileURLToPath(import.meta.resolve('@oarlock/resources/database/sqlite-process')), [ARGUMENT], {
      execArgv: [],
      env: process.platform === 'win32' ? { SystemRoot: process.env['SystemRoot'] } : {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    child.on('message', (answer: Answer) => {
      if (this.#process === child) this.#take()?.resolve(answer)
    })
    child.on('error', cause => this.#ended(child, String(cause)))
    child.on('exit', (code, killed) => this.#ended(child, killed ?? `code ${code}`))
    this.#process = child
    this.#hold(false)
  }

  #ask(job: Job, timeoutMs: number, signal: AbortSignal | undefined): Promise<Answer> {
    if (signal?.aborted === true) return Promise.reject(new DatabaseFailure('cancelled', 'cancelled'))
    const child = this.#process
    // Between two jobs it was closed.
    if (child === undefined) return Promise.reject(new DatabaseFailure('connection', 'the database is closed'))
    const { promise, resolve, reject } = deferred<Answer>()
    const timer = setTimeout(() => this.#end(new DatabaseFailure('timeout', `took longer than ${timeoutMs} ms`)), timeoutMs)
    const cancel = (): void => this.#end(new DatabaseFailure('cancelled', 'cancelled'))
    signal?.addEventListener('abort', cancel, { once: true })
    this.#waiting = { resolve, reject }
    this.#hold(true)
    child.send(job, cause => {
      if (cause !== null) this.#ended(child, String(cause))
    })
    return promise.finally(() => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', cancel)
      this.#hold(false)
    })
  }

  /** A process at work keeps the server's alive; an idle one does not. */
  #hold(on: boolean): void {
    const way = on ? 'ref' : 'unref'
    this.#process?.[way]()
    this.#process?.channel?.[way]()
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    return waiting
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#process !== child) return
    this.#process = undefined
    this.#take()?.reject(new Ended('connection', `the process that holds the SQLite file ended: ${how}`))
  }

  #end(failure: DatabaseFailure): void {
    const child = this.#process
    this.#process = undefined
    child?.kill('SIGKILL')
    this.#take()?.reject(failure)
  }
}

/** SQLite does not say that it wants room, where it keeps no more than what readers tell each other beside the file. */
async function fullness(path: string): Promise<string> {
  const disk = await statfs(dirname(path)).catch(() => undefined)
  return disk?.bavail === 0 ? ' (its disk is full)' : ''
}

function deferred<T>() {
  let resolve: (value: T) => void = () => {}
  let reject: (cause: unknown) => void = () => {}
  const promise = new Promise<T>((good, bad) => {
    resolve = good
    reject = bad
  })
  return { promise, resolve, reject }
}
