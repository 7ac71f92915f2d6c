/** A server that answers exactly what a test says, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: any
  readonly text: string
}

export type Script = (asked: Asked, res: ServerResponse, index: number) => unknown

export interface Scripted {
  readonly url: string
  readonly asked: Asked[]
  close(): Promise<void>
}

export async function scripted(script: Script): Promise<Scripted> {
  const asked: Asked[] = []
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', chunk => chunks.push(chunk))
    req.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const one = {
        method: req.method as string,
        url: req.url as string,
        headers: req.headers,
        text,
        body: text === '' ? undefined : JSON.parse(text),
      }
      asked.push(one)
      void script(one, res, asked.length - 1)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    asked,
    close: async () => {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

export function json(res: ServerResponse, value: unknown, status = 200, headers: Record<string, string> = {}): void {
  res.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value))
}

export function result(id: unknown, value: unknown = {}): unknown {
  return { jsonrpc: '2.0', id, result: value }
}

export function events(res: ServerResponse, headers: Record<string, string> = {}): ServerResponse {
  res.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', ...headers }).flushHeaders()
  return res
}

export const event = (value: unknown, id?: string): string => `${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(value)}\n\n`

/** A server of 2025-11-25 with sessions; what follows the handshake is the test's. */
export function sessionServer(rest: Script, { id = 'session-1', get = false, revision = '2025-11-25' } = {}): Script {
  return (asked, res, index) => {
    if (asked.body?.method === 'initialize') {
      return json(
        res,
        result(asked.body.id, { protocolVersion: revision, capabilities: {}, serverInfo: { name: 's', version: '1' } }),
        200,
        id === '' ? {} : { 'Mcp-Session-Id': id },
      )
    }
    if (asked.body?.method === 'notifications/initialized') return res.writeHead(202).end()
    if (asked.method === 'DELETE') return res.writeHead(200).end()
    if (asked.method === 'GET' && !get && asked.headers['last-event-id'] === undefined) return res.writeHead(405).end()
    return rest(asked, res, index)
  }
}
