/** Puts a request handler of a peer behind a loopback port, and says which. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export function serve(handle: (request: IncomingMessage, response: ServerResponse) => unknown): void {
  const server = createServer((request, response) => void handle(request, response))
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port))
}
