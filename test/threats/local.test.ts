/** What the command line serves on this machine: for programs on it alone, not for pages, and nothing that a request names is started. */
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { start } from '../../packages/cli/test/command.ts'
import { ask, initialize, Raw, tool } from '../../packages/http/test/wire.ts'
import { upgradeText } from '../../packages/ws/test/wire.ts'

const test = suite('local tools')
const ECHO = fileURLToPath(new URL('../faults/fixtures/held.ts', import.meta.url))

interface Local {
  readonly port: number
  readonly wsPort: number
  readonly stop: () => Promise<unknown>
}

/** `oarlock run`, listening for HTTP and for WebSocket. */
async function listening(): Promise<Local> {
  const { child } = start(['run', ECHO, '--http', '0', '--ws', '0'])
  const exit = once(child, 'exit')
  let said = ''
  for (;;) {
    const [, port] = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(said) ?? []
    const [, wsPort] = /ws:\/\/127\.0\.0\.1:(\d+)\//.exec(said) ?? []
    if (port !== undefined && wsPort !== undefined)
      return { port: Number(port), wsPort: Number(wsPort), stop: () => (child.kill('SIGTERM'), exit) }
    said += String((await once(child.stderr as NodeJS.ReadableStream, 'data'))[0])
  }
}

test('row 13: a page of a foreign site gets nothing from what the command line serves, by whatever name', async () => {
  const { port, wsPort, stop } = await listening()
  const { headers, body } = tool('echo')
  assert.is((await ask(port, { headers, body })).json.result.content[0].text, 'echoed')
  for (const foreign of [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: 'http://localhost.evil.example' },
    { host: 'evil.example' },
    { host: `evil.example:${port}` },
  ]) {
    for (const asked of [body, initialize('2025-11-25')])
      assert.is((await ask(port, { headers: { ...headers, ...foreign }, body: asked })).status, 403, JSON.stringify(foreign))
    assert.is((await ask(port, { method: 'OPTIONS', headers: foreign })).status, 403)
  }
  assert.is((await ask(port, { headers: { ...headers, 'content-type': 'text/plain' }, body })).status, 415, 'nor what a form may send')
  for (const [foreign, status] of [
    [{ Origin: 'https://evil.example' }, 403],
    [{ Host: 'evil.example' }, 403],
    [{}, 101],
  ] as const) {
    const raw = new Raw(wsPort).write(upgradeText(foreign))
    assert.match(await raw.until(/\r\n\r\n/), new RegExp(`^HTTP/1.1 ${status} `))
    raw.end()
  }
  assert.equal(await stop(), [0, null])
})

test('row 13: other machines cannot reach it', async () => {
  const { port, wsPort, stop } = await listening()
  const addresses = Object.values(networkInterfaces())
    .flatMap(list => list ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
  for (const { address } of addresses) {
    for (const each of [port, wsPort]) {
      const socket = connect(each, address)
      const refused: unknown = await once(socket, 'connect').catch((cause: unknown) => cause)
      assert.is((refused as NodeJS.ErrnoException).code, 'ECONNREFUSED', `${address}:${each}`)
    }
  }
  assert.equal(await stop(), [0, null])
})

test('row 13: nothing that a request names is started: not in its path, its query, its headers or its body', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-'))
  const [mark, args] = [join(folder, 'started'), ['-c', `touch ${join(folder, 'started')}`]]
  const { port, stop } = await listening()
  const query = new URLSearchParams({ transportType: 'stdio', command: 'sh', args: args.join(' '), env: '{}', url: `file://${mark}` })
  const { headers, body } = tool('echo')
  const named = { command: 'sh', args, env: {}, cwd: folder }
  for (const path of ['/mcp', '/sse', '/stdio', '/message', '/connect', '/', '/api/mcp/connect']) {
    for (const method of ['GET', 'POST']) {
      const what = method === 'POST' ? { body: { ...body, ...named, params: { ...body.params, ...named } } } : {}
      const answer = await ask(port, {
        method,
        path: `${path}?${query.toString()}`,
        headers: { ...headers, 'x-command': `sh -c 'touch ${mark}'` },
        ...what,
      })
      assert.ok(path === '/mcp' && method === 'POST' ? answer.status === 200 : answer.status >= 400, `${method} ${path}: ${answer.status}`)
    }
  }
  assert.equal(await stop(), [0, null])
  assert.not(existsSync(mark))
  rmSync(folder, { recursive: true })
})

test.run()
