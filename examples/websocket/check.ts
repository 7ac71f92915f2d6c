/** Starts the server, and speaks to it over WebSocket and HTTP: in each revision, with news on the same socket, and to the end. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { connect, REVISIONS } from 'oarlock'

const program = fileURLToPath(new URL('./server.ts', import.meta.url))
const child = spawn(process.execPath, [...process.execArgv, program], {
  env: { ...process.env, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const [said] = (await once(child.stdout, 'data')) as [Buffer]
const overHttp = said.toString().trim()
const overWs = overHttp.replace('http', 'ws')
const headers = { authorization: 'Bearer ada-s-token' }

let points = 0
for (const revision of REVISIONS) {
  for (const url of [overWs, overHttp]) {
    const client = await connect(url, { revision, headers })
    points += 2
    assert.equal(await client.call('score', { points: 2 }), `ada has ${points}`)
    await client.close()
  }
  console.log(`${revision}: scored over WebSocket and HTTP`)
}

// News arrive on the socket that calls travel on.
const client = await connect(overWs, { headers })
const news = client.listen({ resources: ['score://board'] })
await news.ready
await client.call('score', { points: 1 })
for await (const event of news) {
  assert.equal(event.kind, 'resource')
  break
}
const [board] = await client.read('score://board')
assert.ok(board !== undefined && 'text' in board)
assert.deepEqual(JSON.parse(board.text), { ada: points + 1 })

// Without a token there is no socket.
await assert.rejects(connect(overWs), /HTTP status 401/)
await assert.rejects(connect(overWs, { headers: { authorization: 'Bearer nobody-s' } }), /HTTP status 401/)

// The server shuts down in good order: it says 1001, and the client knows.
const closed = new Promise<unknown>(resolve => client.on('connection.closed', ({ cause }) => resolve(cause)))
child.kill('SIGTERM')
const [code] = (await once(child, 'exit')) as [number | null]
assert.equal(code, 0)
assert.match(String(await closed), /code 1001/)
await client.close()
console.log('news, refusals, and the end: as it should be')
