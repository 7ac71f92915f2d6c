/** The doors of the old transport, HTTP+SSE, for frameworks. Deprecated in MCP: for clients that know nothing newer. */

import { register, serviceOf, type Served } from '@oarlock/protocol'
import { fetchDoorTo, type FetchDoor } from '../fetch/door.ts'
import { nodeDoorTo, type NodeDoor } from '../node/door.ts'
import { SseEndpoint } from './endpoint.ts'
import { checkEndpointOptions } from '../options.ts'
import { checkedPath, SSE_DOOR_OPTIONS, type SseDoorOptions } from './options.ts'

/**
 * Opens a door for HTTP+SSE on `node:http`, and closes with the server. Mount it at one path for GET and POST, or at two and name the second.
 * @throws TypeError for a server that speaks only 2026-07-28, or a path that is none
 */
export function toNodeSse(served: Served, options: SseDoorOptions = {}): NodeDoor {
  checkEndpointOptions(options, SSE_DOOR_OPTIONS, 'toNodeSse()')
  const door = nodeDoorTo(endpointOf(served, options))
  register(served, door, 'http+sse (node)')
  return door
}

/**
 * Opens a door for HTTP+SSE on Fetch, and closes with the server.
 * @throws TypeError for a server that speaks only 2026-07-28, or a path that is none
 */
export function toFetchSse(served: Served, options: SseDoorOptions = {}): FetchDoor {
  checkEndpointOptions(options, SSE_DOOR_OPTIONS, 'toFetchSse()')
  const door = fetchDoorTo(endpointOf(served, options))
  register(served, door, 'http+sse (fetch)')
  return door
}

function endpointOf(served: Served, options: SseDoorOptions): SseEndpoint {
  const { messagesPath } = options
  return new SseEndpoint(serviceOf(served), options, messagesPath === undefined ? '' : checkedPath(messagesPath))
}
