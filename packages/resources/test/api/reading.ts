/** Somebody who reads an API that is offered. */

import type { Server } from '@oarlock/kernel'
import { raw, type Json, type RawPeer } from '@oarlock/testing'

/** What a read came to. */
export interface Reading {
  readonly text?: string
  readonly blob?: string
  readonly mimeType?: string
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
  readonly meta?: Json
}

/** A session of somebody who writes requests himself. */
export async function peerOf(server: Server): Promise<RawPeer> {
  const peer = raw(server)
  await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
  return peer
}

/** Reads a path of the API `up`, or any URI. */
export async function reading(peer: RawPeer, path: string): Promise<Reading> {
  const { result, error } = await peer.request('resources/read', { uri: path.includes('://') ? path : `api://up${path}` })
  const [content] = (result?.['contents'] ?? []) as readonly Json[]
  return error === undefined ? ({ ...content, meta: content?.['_meta'] } as Reading) : { error }
}
