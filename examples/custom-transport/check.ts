/** Starts the server, and does with our own transport what any other can: in each revision, from several clients, through mistakes. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { connect, ConnectionClosed, REVISIONS } from 'oarlock'
import { unixConnector } from './transport.ts'

const path = join(mkdtempSync(join(tmpdir(), 'oarlock-')), 'notes.sock')
const program = fileURLToPath(new URL('./server.ts', import.meta.url))
const child = spawn(process.execPath, [...process.execArgv, program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
await once(child.stdout, 'data')

let kept = 0
for (const revision of REVISIONS) {
  const client = await connect(unixConnector(path), { revision, answers: { elicit: () => ({ action: 'accept', content: {} }) } })
  kept += 1
  assert.equal(await client.call('add', { text: `from ${revision}` }), `${kept} kept`)
  const [note] = await client.read('notes://all')
  assert.ok(note !== undefined && 'text' in note && note.text.endsWith(`from ${revision}`))

  const seen: number[] = []
  const counted = await client.call('count', { to: 3 }, { onProgress: ({ progress }) => seen.push(progress) })
  assert.equal(counted, 'counted to 3')
  assert.deepEqual(seen, [1, 2, 3])

  // The server asks, the client answers, over the same line: in the revisions that know questions.
  if (revision >= '2025-06-18') {
    assert.equal(await client.call('remove'), `${kept} removed`)
    kept = 0
  }
  await client.close()
  console.log(`${revision}: added, read, counted${revision >= '2025-06-18' ? ', asked' : ''}`)
}

// Many clients at once, each with ids that begin at 1: every answer finds its own.
const clients = await Promise.all(Array.from({ length: 8 }, () => connect(unixConnector(path))))
const long = 'x'.repeat(200_000)
await Promise.all(clients.flatMap(client => [client.call('count', { to: 2 }), client.call('add', { text: long })]))
const [all] = await (clients[0] as (typeof clients)[number]).read('notes://all')
assert.ok(all !== undefined && 'text' in all && all.text.length > 8 * long.length)

// A line that is no message is answered, and the connection lives on.
const raw = createConnection(path)
raw.end('nonsense\n{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
const answers = (await text(raw)).trim().split('\n')
assert.equal(JSON.parse(answers[0] as string).error.code, -32700)

// The server ends: what waits is told, and the socket is gone.
const waiting = Promise.allSettled(clients.map(client => client.close()))
child.kill('SIGTERM')
const [code] = (await once(child, 'exit')) as [number | null]
await waiting
assert.equal(code, 0)
assert.equal(existsSync(path), false)
await assert.rejects(connect(unixConnector(path)), /ENOENT/)
await assert.rejects((clients[0] as (typeof clients)[number]).call('add', { text: 'late' }), ConnectionClosed)
console.log('several clients, noise, and the end: as it should be')
