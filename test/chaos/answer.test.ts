/** Handlers that are added beside calls, on a server that is a process: there is one process at any time, and none when the client is closed. */
// time limit: 60 s
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { endsByItself } from './fixture.ts'

const test = suite('answer')

test('answer beside calls: one server process after the other, none after close, and the client ends by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-'))
  const { said, ledger } = JSON.parse(await endsByItself('answerer', [join(folder, 'ledger')], 40_000))
  assert.equal(said, [null, 'x', null, 'x'])
  assert.match(ledger, /^(in out ){3,4}$/)
  rmSync(folder, { recursive: true })
})

test.run()
