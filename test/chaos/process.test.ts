/** Processes that die: a server killed in the middle of a call, and a client that has to end by itself. */
// time limit: 120 s
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, OutcomeUnknown, type ClientOptions } from '@oarlock/client'
import { ProcessEnded, stdioConnector } from '@oarlock/stdio/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { endsByItself, fixture, run } from './fixture.ts'

const test = suite('process')

async function mortal(options: ClientOptions = {}): Promise<{ client: Client; lives: () => number }> {
  const file = join(mkdtempSync(join(tmpdir(), 'oarlock-')), 'lives')
  const connector = stdioConnector({ command: process.execPath, args: [...run, fixture('mortal'), file], stderr: 'pipe' })
  const client = await Client.open(connector, { heal: { firstWait: 5 }, ...options })
  return { client, lives: () => readFileSync(file, 'utf8').length }
}

for (const revision of ['2025-11-25', '2026-07-28'] as const) {
  test(`${revision}: C-STD-06, C-STD-10: kill -9 in mid-call: the outcome is unknown, and the next call meets a new process`, async () => {
    const { client, lives } = await mortal({ revision })
    await client.tools()
    let failed: unknown
    await client.call('pay').catch((cause: unknown) => (failed = cause))
    assert.ok(OutcomeUnknown.is(failed))
    const closed = (failed as Error).cause as Error
    assert.instance(closed.cause, ProcessEnded)
    assert.is(await client.call('life'), '2')
    assert.is(lives(), 2)
    await client.close()
  })
}

test('kill -9 in mid-call: what is idempotent is asked again until it is done', async () => {
  const { client, lives } = await mortal()
  await client.tools()
  assert.is(await client.call('stubborn'), 'done in life 3')
  assert.is(lives(), 3)
  await client.close()
})

test('C-STD-06: a server that dies of every call is started 5 times in a minute and not more', async () => {
  const { client, lives } = await mortal()
  await client.tools()
  let failed: unknown
  await client.call('doomed').catch((cause: unknown) => (failed = cause))
  assert.match(String(failed), 'started 5 times in 60 s')
  assert.is(lives(), 6)
  await client.close()
})

test('C-STD-09: a process lives on when a conversation was cancelled or timed out', async () => {
  const { client, lives } = await mortal()
  await client.call('life', {}, { signal: AbortSignal.abort() }).catch(() => {})
  assert.is(await client.call('life'), '1')
  assert.is(lives(), 1)
  await client.close()
})

test('a client that met all kinds of trouble and was closed lets its process end', async () => {
  assert.is(await endsByItself('leaver', [], 30_000), 'left\n')
})

test.run()
