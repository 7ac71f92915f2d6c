/** How a transport's server of its own gets its port, and what is said when it does not. */

/** What can be bound: the part of a `node:http` or `node:net` server that this needs. */
export interface Bindable {
  listen(port: number, host: string, bound: () => void): unknown
  once(event: 'error', listener: (cause: Error) => void): unknown
  off(event: 'error', listener: (cause: Error) => void): unknown
}

/** Binds a port: resolves when it is bound, rejects with what to do about it. An IPv6 address may stand in brackets. */
export function bind(server: Bindable, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const refused = (cause: Error): void => reject(unbindable(cause, port, host))
    server.once('error', refused)
    server.listen(port, host.replace(/^\[(.*)\]$/, '$1'), () => {
      server.off('error', refused)
      resolve()
    })
  })
}

/** Why a port cannot be had. Keeps the system's `code`. */
export function unbindable(cause: Error & { readonly code?: string | undefined }, port: number, host: string): Error {
  const { code } = cause
  const text = code === undefined ? undefined : WORDS.get(code)?.(port, host)
  return text === undefined ? cause : Object.assign(new Error(text, { cause }), { code })
}

const WORDS: ReadonlyMap<string, (port: number, host: string) => string> = new Map([
  ['EADDRINUSE', (port, host) => `port ${port} on ${host} is taken; choose another, or 0 for any free one`],
  ['EACCES', (port, host) => `port ${port} on ${host} is not for this user; choose one from 1024 on, or 0 for any free one`],
  ['EADDRNOTAVAIL', (_port, host) => `${host} is no address of this machine`],
])
