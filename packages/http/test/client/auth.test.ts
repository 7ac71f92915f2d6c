/** The seam by which an authorizer gets its word in: headers for each attempt, and whether to repeat one. */

import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { httpConnector } from '@oarlock/http/client'
import type { AuthorizedRequest, Authorizer, Incoming } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

interface Scene {
  server: Server
  url: string
  seen: IncomingMessage['headers'][]
  /** What the next requests are answered with; 200 when empty. */
  statuses: number[]
}

const test = suite<Scene>('http client auth')

test.before.each(async scene => {
  scene.seen = []
  scene.statuses = []
  scene.server = createServer((request, response) => {
    scene.seen.push(request.headers)
    const status = scene.statuses.shift() ?? 200
    response.writeHead(status, { 'Content-Type': 'application/json', 'X-Nonce': 'n' })
    response.end(status === 200 ? '{"jsonrpc":"2.0","id":1,"result":{}}' : '{}')
  })
  await new Promise<void>(resolve => scene.server.listen(0, '127.0.0.1', resolve))
  scene.url = `http://127.0.0.1:${(scene.server.address() as AddressInfo).port}/mcp`
})

test.after.each(({ server }) => {
  server.closeAllConnections()
  server.close()
})

/** Sends one request; gives what came of it. */
async function ask(url: string, auth: Authorizer, headers?: Record<string, string>): Promise<Incoming | Error> {
  const { promise, resolve } = Promise.withResolvers<Incoming | Error>()
  const connector = httpConnector(url, { auth, headers })
  const link = await connector.connect({ receive: resolve, failed: (_id, cause) => resolve(cause as Error), closed: () => {} })
  const named = { 'MCP-Protocol-Version': '2026-07-28', 'Mcp-Method': 'tools/call', 'Mcp-Name': 'add' }
  void link.send({ kind: 'request', id: 1, method: 'tools/call', text: '{"jsonrpc":"2.0","id":1,"method":"tools/call"}', headers: named })
  const found = await promise
  link.close()
  return found
}

/** An authorizer that numbers its tokens and wants `again` repetitions. */
function numbering(again: number): Authorizer & { readonly requests: AuthorizedRequest[]; readonly statuses: number[] } {
  const requests: AuthorizedRequest[] = []
  const statuses: number[] = []
  return {
    requests,
    statuses,
    headers(request) {
      requests.push(request)
      return { Authorization: `Bearer ${requests.length}` }
    },
    answered(_request, sent, { status, headers }) {
      assert.equal([sent['Authorization'], headers.get('x-nonce')], [`Bearer ${requests.length}`, 'n'])
      statuses.push(status)
      return requests.length <= again
    },
  }
}

test('each attempt has headers of its own, which win over the configured ones; the request is one object', async ({
  url,
  seen,
  statuses,
}) => {
  statuses.push(401)
  const auth = numbering(1)
  assert.is('result' in (await ask(url, auth, { Authorization: 'Basic x' })), true)
  assert.equal(
    seen.map(headers => headers.authorization),
    ['Bearer 1', 'Bearer 2'],
  )
  assert.equal(auth.statuses, [401, 200])
  assert.is(auth.requests[0], auth.requests[1])
  const { resource, method, operation } = auth.requests[0] as AuthorizedRequest
  assert.equal([resource, method, operation], [url, 'POST', 'tools/call add'])
})

test('a request is not repeated for ever', async ({ url, seen, statuses }) => {
  statuses.push(...Array.from({ length: 50 }, () => 401))
  const found = await ask(url, numbering(100))
  assert.match(found instanceof Error ? found.message : '', '401')
  assert.is(seen.length, 5)
})

test('what the authorizer failed with is what the request fails with, and nothing is sent', async ({ url, seen }) => {
  const refusal = new Error('no credentials')
  const auth: Authorizer = { headers: () => Promise.reject(refusal), answered: () => false }
  assert.is(await ask(url, auth), refusal)
  assert.is(seen.length, 0)
})

test('a request that is given up does not wait for somebody at a login page', async ({ url, seen }) => {
  const waiting = Promise.withResolvers<AuthorizedRequest>()
  const auth: Authorizer = {
    headers(request) {
      waiting.resolve(request)
      return new Promise(() => {})
    },
    answered: () => false,
  }
  const link = await httpConnector(url, { auth }).connect({ receive: () => {}, closed: () => {} })
  void link.send({ kind: 'request', id: 1, method: 'ping', text: '{}' })
  const { signal } = await waiting.promise
  link.abandon?.(1)
  assert.is(signal.aborted, true)
  assert.is(seen.length, 0)
  link.close()
})

test.run()
