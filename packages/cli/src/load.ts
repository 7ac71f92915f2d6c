/** From a file to the server it describes: one that it exports, or one made for the classes and objects it exports. */

import { basename, extname, resolve } from 'node:path'
import { Server } from '@oarlock/kernel'
import { Failure } from './failure.ts'
import { codeOf, type Exports, importModule } from './import-module.ts'
import { manifestsOf } from './manifest.ts'

/**
 * The server of a file. It is the default export, the export named `server`, or the only server among the exports. Where there is none, a
 * server is made that offers what the exports offer; classes are instantiated.
 * @throws Failure when there is nothing to serve, with what to write
 */
export async function loadServer(file: string): Promise<Server> {
  const path = resolve(file)
  const exports = await importModule(path)
  const servers = Object.entries(exports).filter((entry): entry is [string, Server] => isServer(entry[1]))
  const named = (wanted: string) => servers.find(([name]) => name === wanted)
  const chosen = named('default') ?? named('server') ?? (servers.length === 1 ? servers[0] : undefined)
  if (chosen !== undefined) return chosen[1]
  if (servers.length > 1) {
    throw new Failure(`${file} exports several servers (${servers.map(([name]) => name).join(', ')}). Make one of them the default export.`)
  }
  return serverOf(path, exports)
}

/** By what it can do: the file may have been written with another copy of the package. */
function isServer(value: unknown): value is Server {
  const { listen, connect, offer } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Server>
  return typeof listen === 'function' && typeof connect === 'function' && typeof offer === 'function'
}

async function serverOf(path: string, exports: Exports): Promise<Server> {
  // A file that exports its server need not wait for the decorators.
  const { offersOf } = await import('./offers.ts')
  // `export default` of a named class shows up once under each name only if it was exported twice.
  const offers = [...new Set(Object.values(exports))].flatMap(offersOf)
  if (offers.length === 0) throw nothing(path, exports)
  const server = new Server(identity(path))
  for (const offer of offers) server.offer(offer)
  return server
}

function nothing(path: string, exports: Exports): Failure {
  const name = basename(path)
  if (servesItself(path))
    return new Failure(`${name} serves itself: export the server (export default server) and leave listen() out, or run it directly.`)
  const names = Object.keys(exports)
  const found = names.length === 0 ? 'It exports nothing.' : `It exports ${names.join(', ')}.`
  return new Failure(
    `${name} has nothing to serve. ${found} Export a server (export default new Server({ … })), or classes and objects with tools, resources or prompts.`,
  )
}

/** By what it says, and by what it does: a port that is open now was opened while the file was loaded. */
function servesItself(path: string): boolean {
  return /\.listen\s*\(/.test(codeOf(path)) || process.getActiveResourcesInfo().includes('TCPServerWrap')
}

/** Name and version for a server that has none: those of the package the file belongs to, or the file's name. */
function identity(path: string): { readonly name: string; readonly version: string } {
  for (const { name, version = '0.0.0' } of manifestsOf(path)) if (name !== undefined) return { name, version }
  return { name: basename(path, extname(path)), version: '0.0.0' }
}
