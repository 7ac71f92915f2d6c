/** The Fetch door and the client run where there is no Node: they bundle for a neutral platform and serve without a global of Node's. */
import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import { createContext, Script } from 'node:vm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('neutral')

const GLOBALS = {
  Request,
  Response,
  Headers,
  ReadableStream,
  TextEncoder,
  TextDecoder,
  AbortController,
  AbortSignal,
  URL,
  crypto,
  setTimeout,
  clearTimeout,
  queueMicrotask,
  atob,
  btoa,
  fetch,
}

async function bundle(contents: string): Promise<string> {
  const built = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)), loader: 'ts' },
    bundle: true,
    format: 'iife',
    globalName: 'bundled',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['@oarlock/source'],
    write: false,
    logLevel: 'silent',
  })
  return built.outputFiles[0]!.text
}

test('toFetch answers a request without anything of Node', async () => {
  const code = await bundle(`import { toFetch } from '../src/index.ts'
    export const door = toFetch({
      revisions: ['2026-07-28'], report() {}, connect() { throw new Error('no') },
      exchange(exchange, message) { exchange.notify('{"a":1}'); exchange.answer(JSON.stringify({ jsonrpc: '2.0', id: message.id, result: {} }), 200) },
    })`)
  assert.not.match(code, /require\(|from ?["']node:/)
  const context = createContext({ ...GLOBALS })
  new Script(`${code};globalThis.bundled = bundled`).runInContext(context)
  const { door } = (context as { bundled: { door: (request: Request) => Promise<Response> } }).bundled
  const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} }
  const response = await door(
    new Request('http://localhost/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'x' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x', params: { _meta } }),
    }),
  )
  assert.is(response.status, 200)
  assert.match(await response.text(), /data: \{"a":1\}\n\n[^]*"id":1/)
})

test('the client bundles without anything of Node', async () => {
  const code = await bundle(`export { httpConnector } from '../src/client.ts'`)
  assert.not.match(code, /require\(|from ?["']node:|\bprocess\.\w/)
})

test.run()
