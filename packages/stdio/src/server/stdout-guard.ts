/** Keeps everything but the protocol off standard output: what other code prints there goes to standard error (THREATS T29). */

type Write = typeof process.stdout.write
type End = typeof process.stdout.end

/** On a `write` that diverts: the one underneath. Another copy of this package in the process finds it too. */
const REAL = Symbol.for('oarlock.stdout.write')

/** How diverting is ended, and how many want it. */
interface Diversion {
  readonly undo: () => void
  users: number
}

let current: Diversion | undefined

/**
 * Sends what anybody writes to `process.stdout` from now on to `process.stderr`, `console.log` included, and says so there once. A `stdio()`
 * server does it while it serves; call it earlier where code that is loaded before might print. Returns how to end it; it lasts until all who
 * called for it have ended it.
 */
export function divertStdout(): () => void {
  current ??= divert()
  const mine = current
  mine.users += 1
  let ended = false
  return () => {
    if (ended) return
    ended = true
    mine.users -= 1
    if (mine.users > 0) return
    current = undefined
    mine.undo()
  }
}

/** Writes to standard output, diverted or not. */
export function realWrite(): Write {
  const { stdout } = process
  return (stdout.write as Write & { [REAL]?: Write })[REAL] ?? stdout.write.bind(stdout)
}

function divert(): Diversion {
  const { stdout, stderr } = process
  const passOn = realWrite()
  const realEnd = stdout.end.bind(stdout)
  let diverting = true
  let warned = false

  const warn = (method: object): void => {
    if (warned) return
    warned = true
    stderr.write(
      `[oarlock] Standard output carries the protocol; what is printed there goes to standard error instead.${callerOf(method)}\n`,
    )
  }

  const divertedWrite = (...args: Parameters<Write>): boolean => {
    if (!diverting) return passOn(...args)
    warn(divertedWrite)
    return stderr.write(...args)
  }
  const write = Object.assign(divertedWrite, { [REAL]: passOn })

  // Ending standard output would end the connection; what was to be its last words are diverted like all others.
  const end = ((...args: readonly unknown[]): typeof stdout => {
    if (!diverting) return realEnd(...(args as Parameters<End>))
    warn(end)
    const [chunk] = args
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) write(chunk)
    const done = args.find(arg => typeof arg === 'function')
    if (done !== undefined) process.nextTick(done)
    return stdout
  }) as End

  const putBack = [replace('write', write), replace('end', end)]
  const undo = (): void => {
    diverting = false
    for (const back of putBack) back()
  }
  return { undo, users: 0 }
}

/** Puts a method in front of the stream's own. Once somebody else has put another in front of ours, ours stays, and passes everything on. */
function replace(name: 'write' | 'end', method: unknown): () => void {
  const { stdout } = process
  const own = Object.getOwnPropertyDescriptor(stdout, name)
  Object.defineProperty(stdout, name, { value: method, writable: true, configurable: true })
  return () => {
    if (Object.getOwnPropertyDescriptor(stdout, name)?.value !== method) return
    if (own === undefined) Reflect.deleteProperty(stdout, name)
    else Object.defineProperty(stdout, name, own)
  }
}

/** Where the code stands that called a method of ours, through Node's console or not, when the stack tells. */
function callerOf(method: object): string {
  const here = { stack: '' }
  // Our own frames could not be told by their file: this is bundled with other code.
  Error.captureStackTrace(here, method as () => void)
  const line = here.stack.split('\n').find((text, index) => index > 0 && !text.includes('node:'))
  return line === undefined ? '' : ` First printed ${line.trim()}`
}
