/** The door for WebSockets: an `upgrade` listener for any `node:http` or `node:https` server. */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { Fault, HostGate, register, serviceOf, Sweep, type Served, type Service } from '@oarlock/protocol'
import type { ServerOptions, WebSocketServer } from 'ws'
import { loadWs } from '../load.ts'
import { SUBPROTOCOL } from '../offer.ts'
import { Handshake, type Ground } from './handshake.ts'
import { isLeftToOthers, TAKES } from './neighbours.ts'
import { checkServerOptions, settingsOf, UPGRADE_OPTIONS, type UpgradeOptions } from './options.ts'
import { Room } from './room.ts'

/**
 * Takes one upgrade: `server.on('upgrade', door)`. What is not for its path it leaves to the other listeners there; when there are none, it answers
 * with 404.
 */
export interface UpgradeDoor {
  (req: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Refuses new connections from now on; those there are go on. */
  stop(): void
  /** Closes every connection with 1001, and cuts those that do not go. Resolves when all are gone. */
  close(): Promise<void>
}

/**
 * Opens a door for WebSockets to a server, and closes with it. For a port that serves HTTP as well: `http({ port, upgrade: toUpgrade(server) })`, or
 * `nodeServer.on('upgrade', toUpgrade(server))`. Only loopback names are served unless `allowedHosts` names others.
 */
export function toUpgrade(served: Served, options: UpgradeOptions = {}): UpgradeDoor {
  checkServerOptions(options, UPGRADE_OPTIONS, 'toUpgrade()')
  const door = upgradeDoor(serviceOf(served), options)
  register(served, door, 'ws (upgrade)')
  return door
}

/** A door that nobody else knows of. */
export function upgradeDoor(service: Service, options: UpgradeOptions): UpgradeDoor {
  const settings = settingsOf(options)
  const room = new Room(new Sweep(settings.clock), settings)
  let library: Promise<WebSocketServer> | undefined
  const ground: Ground = {
    service,
    settings,
    room,
    gate: new HostGate(options),
    library: () => (library ??= libraryFor(ground)),
  }
  let stopped = false
  let closing: Promise<void> | undefined
  const takes = (req: IncomingMessage): boolean => isAt(settings.path, req)
  const door = Object.assign(
    function (this: unknown, req: IncomingMessage, socket: Duplex, head: Buffer): void {
      const isHere = takes(req)
      if (!isHere && isLeftToOthers(this, door, req)) return
      socket.on('error', ignore)
      // Not even a refusal is free.
      if (room.crowded) return void socket.destroy()
      const handshake = new Handshake(ground, req, socket, head)
      if (!isHere) handshake.refuse(404)
      else if (stopped) handshake.refuse(new Fault('SHUTTING_DOWN', undefined, { headers: { 'Retry-After': '5' } }))
      else void handshake.run()
    },
    { [TAKES]: takes },
  )
  const stop = (): void => {
    stopped = true
  }
  return Object.assign(door, {
    stop,
    close: () => {
      stop()
      return (closing ??= room.close())
    },
  })
}

/** Whether a request is for this path, whatever its query. */
export function isAt(path: string, { url = '' }: IncomingMessage): boolean {
  return url === path || url.startsWith(`${path}?`)
}

/** The library's half of the handshake, and the bounds on frames that it keeps. Compression is off (S-WS-13; THREATS T25). */
async function libraryFor({ settings }: Ground): Promise<WebSocketServer> {
  const { WebSocketServer } = await loadWs()
  const options: ServerOptions & Readonly<Record<string, unknown>> = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: settings.maxPayload,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_CHUNKS,
    handleProtocols: offered => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  }
  return new WebSocketServer(options)
}

/** Each piece of a message costs memory beside its bytes, so their number is bounded too. */
const MAX_FRAGMENTS = 4096
const MAX_CHUNKS = 16_384

function ignore(): void {}
