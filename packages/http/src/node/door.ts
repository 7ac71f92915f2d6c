/** The door for `node:http` and the frameworks built on it: Express, Fastify, NestJS. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import { register, serviceOf, type Served, type Service } from '@oarlock/protocol'
import type { Behind } from '../behind.ts'
import type { BodyGround } from '../body.ts'
import { Endpoint } from '../endpoint.ts'
import { checkEndpointOptions, ENDPOINT_OPTIONS, type EndpointOptions } from '../options.ts'
import { NodeTurn, type NodeGround } from './turn.ts'

/**
 * Answers one request. Mount it at one path for every method; the path itself is the router's. A body that a framework has parsed is
 * found in `req.body`, or given as `body`.
 */
export interface NodeDoor {
  (req: IncomingMessage, res: ServerResponse, body?: unknown): void
  /** Refuses new requests from now on; what is under way goes on. */
  stop(): void
  /** Ends every session, stream and request. */
  close(): void
}

/** Opens a door to a server, and closes with it. Only loopback names are served unless `allowedHosts` names others. */
export function toNode(served: Served, options: EndpointOptions = {}): NodeDoor {
  checkEndpointOptions(options, ENDPOINT_OPTIONS, 'toNode()')
  const door = nodeDoor(serviceOf(served), options)
  register(served, door, 'http (node)')
  return door
}

/** A door that nobody else knows of. */
export function nodeDoor(service: Service, options: EndpointOptions): NodeDoor {
  return nodeDoorTo(new Endpoint(service, options))
}

/** A door to what stands behind it. */
export function nodeDoorTo(endpoint: Behind): NodeDoor {
  const { sweep, settings } = endpoint
  const { bodyTimeoutMs, stallMs, gzip } = settings
  const ground: NodeGround = { endpoint, sweep, bodyTimeoutMs, stallMs, gzip, decode: decoder() }
  const door = (req: IncomingMessage, res: ServerResponse, body?: unknown): void => {
    // Express passes its `next` here.
    endpoint.handle(new NodeTurn(req, res, ground, typeof body === 'function' ? undefined : body))
  }
  return Object.assign(door, { stop: () => endpoint.stop(), close: () => endpoint.close() })
}

/** Node's own check for UTF-8 is many times faster than a decoder that throws. */
function decoder(): BodyGround['decode'] {
  const isUtf8 = process.getBuiltinModule?.('node:buffer').isUtf8 ?? passes
  return chunks => {
    const [first, second] = chunks
    if (first === undefined) return ''
    const bytes = second === undefined ? asBuffer(first) : Buffer.concat(chunks)
    return isUtf8(bytes) ? bytes.toString() : undefined
  }
}

/** What arrives is a Buffer already; what a framework has read need not be. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function passes(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
