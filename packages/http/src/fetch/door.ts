/** The door for everything that speaks Fetch: Hono, Workers, Deno, Bun, Lambda. */

import { register, serviceOf, type Served } from '@oarlock/protocol'
import type { Behind } from '../behind.ts'
import type { BodyGround } from '../body.ts'
import { Endpoint } from '../endpoint.ts'
import { checkEndpointOptions, ENDPOINT_OPTIONS, type EndpointOptions } from '../options.ts'
import { FetchTurn, type FetchExtras } from './turn.ts'

/** Answers one request. Mount it at one path for every method; the path itself is the router's. Never rejects. */
export interface FetchDoor {
  (request: Request, extras?: FetchExtras): Promise<Response>
  /** Refuses new requests from now on; what is under way goes on. */
  stop(): void
  /** Ends every session, stream and request. */
  close(): void
}

/** Opens a door to a server, and closes with it. Only loopback names are served unless `allowedHosts` names others. */
export function toFetch(served: Served, options: EndpointOptions = {}): FetchDoor {
  checkEndpointOptions(options, ENDPOINT_OPTIONS, 'toFetch()')
  const door = fetchDoorTo(new Endpoint(serviceOf(served), options))
  register(served, door, 'http (fetch)')
  return door
}

/** A door to what stands behind it. */
export function fetchDoorTo(endpoint: Behind): FetchDoor {
  const ground: BodyGround = { sweep: endpoint.sweep, bodyTimeoutMs: endpoint.settings.bodyTimeoutMs, decode }
  const door = (request: Request, extras?: FetchExtras): Promise<Response> => {
    const turn = new FetchTurn(request, ground, extras)
    endpoint.handle(turn)
    return turn.response
  }
  return Object.assign(door, { stop: () => endpoint.stop(), close: () => endpoint.close() })
}

function decode(chunks: readonly Uint8Array[]): string | undefined {
  // A byte order mark is not JSON, here as on Node.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  try {
    let text = ''
    for (const chunk of chunks) text += decoder.decode(chunk, { stream: true })
    return text + decoder.decode()
  } catch {
    return undefined
  }
}
