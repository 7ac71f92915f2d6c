/** What most tests of the kernel set up: a quiet server, somebody who calls it, and what it reports. */

import type { Head, Principal } from '@oarlock/protocol'
import { Server, type ErrorReported, type ServerOptions } from '@oarlock/kernel'

/** A server that writes nothing to the console. */
export function quiet(options: Partial<ServerOptions> = {}): Server {
  return new Server({ name: 'test', version: '1.0.0', log: false, ...options })
}

/** Everything a server reports from now on. */
export function reports(server: Server): ErrorReported[] {
  const seen: ErrorReported[] = []
  server.on('error.reported', event => seen.push(event))
  return seen
}

/** The head of a connection of somebody. */
export function by(id: string, scopes: readonly string[] = [], rest: Partial<Principal> = {}): Head {
  return { transport: 'test', principal: { id, scopes, ...rest } }
}

/** A promise and what settles it. */
export interface Promised<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(error: unknown): void
}

export function promised<T = void>(): Promised<T> {
  let [resolve, reject]: [Promised<T>['resolve'], Promised<T>['reject']] = [() => {}, () => {}]
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle))
  return { promise, resolve, reject }
}

/** What the errors that were reported say. */
export function messagesOf(events: readonly ErrorReported[]): string[] {
  return events.map(({ cause }) => (cause instanceof Error ? cause.message : JSON.stringify(cause)))
}
