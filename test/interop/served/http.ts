/** The server on a port of its own. */
import { http } from '@oarlock/http'
import type { Server } from '@oarlock/kernel'
import type { Revision } from '@oarlock/protocol'
import { interopServer } from './server.ts'

/** A server that listens. */
export interface Listening {
  readonly server: Server
  readonly url: string
}

/** Starts one. Clients are told to come back soon for streams that broke, so that tests need not wait. */
export async function listening(revisions?: readonly Revision[]): Promise<Listening> {
  const server = interopServer(revisions)
  const [listener] = await server.listen(http({ port: 0, sessions: { retry: 5 } }))
  return { server, url: listener?.address ?? '' }
}
