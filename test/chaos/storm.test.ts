/** What is left when a storm is over: nothing. */
// time limit: 180 s
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { endsByItself, fixture } from './fixture.ts'

const test = suite('storm')

interface Told {
  readonly before: number
  readonly after: number
  readonly odd: readonly unknown[]
}

test('after a storm over HTTP, WebSocket and stdio memory is back at its level, nothing was answered twice, and the process ends by itself', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-'))
  const told = JSON.parse(await endsByItself('storm', [join(folder, 'lives'), fixture('mortal')], 170_000)) as Told
  rmSync(folder, { recursive: true })
  assert.equal(told.odd, [])
  assert.ok(told.after - told.before < 6_000_000, `${told.before} bytes before, ${told.after} after`)
})

test.run()
