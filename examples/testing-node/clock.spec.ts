/** A program tested with node:test, over its standard streams. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { open, openWire } from '@oarlock/testing'

// #region child
const clock = {
  command: process.execPath,
  args: [...process.execArgv, fileURLToPath(new URL('./clock.ts', import.meta.url))],
  // A child gets few variables of ours unless they are named.
  env: { CLOCK_BUG: process.env['CLOCK_BUG'] },
}

await test('progress arrives before the answer, in both conversations', async () => {
  for (const revision of ['2025-11-25', '2026-07-28'] as const) {
    await using kit = await open(clock, { revision })
    await kit.tool('wait', { n: 3 }).progress([1, 2, 3]).returns('waited 3')
  }
})

await test('what it writes to stderr is no part of the protocol', async () => {
  await using kit = await open(clock)
  await kit.stderr.line('the clock ticks')
  await kit.tool('complain').returns('ok')
  await kit.stderr.line(/complained$/)
})
// #endregion

// #region wire
await test('it survives what is no JSON', async () => {
  await using wire = await openWire(clock)
  await wire.sendLine('{"jsonrpc":')
  await wire.sendLine({ jsonrpc: '2.0', id: 7, method: 'ping' })
  await wire.until('"id":7')
  assert.equal(wire.lines.length, 2)
  wire.end()
  await wire.ended
})
// #endregion
