/** kill -9 of a server that is reached over a network, in the middle of a call. */
// time limit: 120 s
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, OutcomeUnknown } from '@oarlock/client'
import { httpConnector } from '@oarlock/http/client'
import { wsConnector } from '@oarlock/ws/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fixture, run } from './fixture.ts'

const test = suite('killed')

/** A server process, and its URL. */
async function shop(wire: string, port: number, ledger: string, life: 'first' | 'second'): Promise<[ChildProcess, URL]> {
  const child = fork(fixture('shop'), [wire, String(port), ledger, life], { execArgv: [...run] })
  const [address] = (await once(child, 'message')) as [string]
  return [child, new URL(address)]
}

async function gone(child: ChildProcess, end: () => void): Promise<void> {
  const exit = once(child, 'exit')
  end()
  await exit
}

for (const wire of ['http', 'ws'] as const) {
  for (const revision of ['2025-11-25', '2026-07-28'] as const) {
    test(`${wire}, ${revision}: of a payment nobody knows, what only looks is looked at again, and all goes on with the next process`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'oarlock-'))
      const ledger = join(folder, 'ledger')
      const [first, url] = await shop(wire, 0, ledger, 'first')
      const connector = wire === 'http' ? httpConnector(url) : wsConnector(url)
      const client = await Client.open(connector, { revision, heal: { firstWait: 20, longestWait: 200, attempts: 100 } })
      await client.tools()
      const begun = once(first, 'message')
      const paying = client.call('pay').catch((cause: unknown) => cause)
      await begun
      const seen = once(first, 'message')
      const looking = client.call('look', {}, { timeout: 30_000 })
      await seen
      await gone(first, () => first.kill('SIGKILL'))
      assert.ok(OutcomeUnknown.is(await paying))
      const [second] = await shop(wire, Number(url.port), ledger, 'second')
      assert.is(await looking, 'seen')
      assert.is(await client.call('look'), 'seen')
      assert.is(readFileSync(ledger, 'utf8'), 'paid ')
      await client.close()
      await gone(second, () => second.disconnect())
      rmSync(folder, { recursive: true })
    })
  }
}

test.run()
