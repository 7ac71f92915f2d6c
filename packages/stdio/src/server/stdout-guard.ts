/** Keeps everything but the protocol off standard output: what other code prints there goes to standard error (THREATS T29). */

const OWN = /stdout-guard|node:|node_modules\/@oarlock\/stdio\//

/**
 * Sends what anybody writes to `process.stdout` from now on to `process.stderr`, `console.log` included, and says so there once. Who took hold
 * of `process.stdout.write` before keeps the real one. Returns how to end it.
 */
export function divertStdout(): () => void {
  const { stdout, stderr } = process
  const realWrite = stdout.write.bind(stdout)
  const realEnd = stdout.end.bind(stdout)
  let diverting = true
  let warned = false

  const warn = (): void => {
    if (warned) return
    warned = true
    stderr.write(`[oarlock] Standard output carries the protocol; what is printed there goes to standard error instead.${firstCaller()}\n`)
  }

  const write = ((...args: Parameters<typeof realWrite>): boolean => {
    if (!diverting) return realWrite(...args)
    warn()
    return stderr.write(...args)
  }) as typeof realWrite

  // Ending standard output would end the connection; what was to be its last words are diverted like all others.
  const end = ((...args: readonly unknown[]): typeof stdout => {
    if (!diverting) return realEnd(...(args as Parameters<typeof realEnd>))
    const [chunk] = args
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) write(chunk)
    const done = args.find(arg => typeof arg === 'function')
    if (done !== undefined) process.nextTick(done)
    return stdout
  }) as typeof realEnd

  const putBack = [replace('write', write), replace('end', end)]
  return () => {
    diverting = false
    for (const undo of putBack) undo()
  }
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

/** Where the printing code stands, when the stack tells. */
function firstCaller(): string {
  const { stack = '' } = new Error()
  const line = stack.split('\n').find((text, index) => index > 0 && !OWN.test(text))
  return line === undefined ? '' : ` First printed ${line.trim()}`
}
