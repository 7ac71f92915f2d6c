/** The protocol and the kernel need no Node: bundled for a neutral platform they serve a call where there are only the web's globals. */

import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('neutral bundle')

/** What every runtime that speaks Fetch has, and nothing of Node. */
const WEB = {
  AbortController,
  AbortSignal,
  atob,
  btoa,
  clearTimeout,
  console,
  crypto,
  performance,
  queueMicrotask,
  setTimeout,
  structuredClone,
  TextDecoder,
  TextEncoder,
  URL,
}

/** Bundles what a program would, from the sources. Fails when anything of Node is imported. */
async function bundle(source: string): Promise<string> {
  const result = await build({
    stdin: { contents: source, resolveDir: fileURLToPath(new URL('..', import.meta.url)), loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    conditions: ['@oarlock/source'],
    format: 'iife',
    globalName: 'program',
    target: 'es2022',
    logLevel: 'silent',
  })
  return (result.outputFiles[0] as { text: string }).text
}

const PROGRAM = `
  import { Server } from '@oarlock/kernel'
  import { bareHead, parse } from '@oarlock/protocol'

  const server = new Server({ name: 'neutral', version: '1' })
  server.tool('add', { input: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] } }, ({ a, b }) => a + b)

  export function ask(text) {
    return new Promise(resolve => {
      const receiver = server.connect({ send: frame => resolve(frame.text), close() {} }, bareHead('neutral'))
      receiver.receive(parse(text))
    })
  }
`

test('protocol and kernel serve a call without any of Node', async () => {
  const context = createContext({ ...WEB })
  runInContext(await bundle(PROGRAM), context)
  const { ask } = runInContext('program', context) as { ask(text: string): Promise<string> }
  const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} }
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'add', arguments: { a: 1, b: 2 }, _meta: meta } }
  const answer = JSON.parse(await ask(JSON.stringify(call)))
  assert.is(answer.result.content[0].text, '3')
})

test('a program that imports something of Node does not bundle', async () => {
  let refused = false
  await bundle(`import 'node:fs'`).catch(() => (refused = true))
  assert.ok(refused)
})

test.run()
