import { fakeClock } from '@oarlock/protocol'
import { limit, tokenBucket } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { by, quiet } from './stage.ts'
import { textOf, Wire } from './wire.ts'

const test = suite('limit')
const CALL = { method: 'tools/call', component: undefined, args: {} }
const from = (remote: string) => ({ principal: undefined, remote }) as never

function echoing(options: Partial<Parameters<typeof tokenBucket>[0]> = {}) {
  const clock = fakeClock()
  const server = quiet()
  server.use('tools/call', limit(tokenBucket({ perSecond: 1, burst: 2, clock, ...options })))
  server.tool('echo', { description: 'd' }, () => 'ok')
  return { server, clock }
}

test('T33: a caller that is too fast is told when to come back, and nothing runs', async () => {
  const { server, clock } = echoing()
  const wire = new Wire(server, { head: by('ada') })
  assert.equal([textOf(await wire.call('echo')), textOf(await wire.call('echo'))], ['ok', 'ok'])
  clock.advance(500)
  const refused = await wire.call('echo')
  assert.is(refused.error?.code, 429)
  assert.equal(refused.error?.data, { retryAfterMs: 500 })
  const frame = wire.frames.at(-1)
  assert.is(frame?.status, 429)
  assert.equal(frame?.headers, { 'Retry-After': '1' })
  clock.advance(500)
  assert.is(textOf(await wire.call('echo')), 'ok')
})

test('T33: a hook may answer with what is thenable and no promise', async () => {
  let verdict: undefined | { retryAfter: number }
  let ran = 0
  const server = quiet()
  // oxlint-disable-next-line unicorn/no-thenable
  const thenable = { then: (settle: (value: unknown) => void) => void settle(verdict) }
  server.use(
    'tools/call',
    limit(() => thenable as never),
  )
  server.tool('count', { description: 'd' }, () => `${(ran += 1)}`)
  const wire = new Wire(server, { head: by('ada') })
  assert.is(textOf(await wire.call('count')), '1')
  verdict = { retryAfter: 1_000 }
  assert.is((await wire.call('count')).error?.code, 429)
  assert.is(ran, 1)
})

test('T33: buckets are those of the principal, or of the address where there is none', async () => {
  const { server } = echoing({ burst: 1 })
  const heads = [by('ada'), by('bob'), { transport: 'test', remote: '10.0.0.1' }, { transport: 'test', remote: '10.0.0.2' }]
  for (const head of heads) {
    assert.is(textOf(await new Wire(server, { head }).call('echo')), 'ok')
    assert.is((await new Wire(server, { head }).call('echo')).error?.code, 429)
  }
})

test('other methods are not counted where the limit is for one', async () => {
  const { server } = echoing({ burst: 1 })
  const wire = new Wire(server)
  await wire.call('echo')
  for (let index = 0; index < 5; index += 1) assert.is((await wire.modern('tools/list')).error, undefined)
})

test('tokens come back with time, up to the burst, even when the clock is turned back', async () => {
  const clock = fakeClock()
  let now = 0
  const hook = tokenBucket({ perSecond: 2, burst: 3, clock: { ...clock, now: () => now } })
  const take = async () => (await hook(CALL, from('a')))?.retryAfter
  assert.equal([await take(), await take(), await take(), await take()], [undefined, undefined, undefined, 500])
  now = 1_000_000
  assert.equal([await take(), await take(), await take(), await take()], [undefined, undefined, undefined, 500])
  now = 0
  assert.is(await take(), 500)
})

test('T33: the table of buckets is bounded, and the longest unused makes room', async () => {
  const hook = tokenBucket({ perSecond: 0.001, burst: 1, keys: 2, clock: fakeClock() })
  const passes = async (remote: string) => (await hook(CALL, from(remote))) === undefined
  assert.equal([await passes('a'), await passes('b'), await passes('a'), await passes('c')], [true, true, false, true])
  assert.ok(await passes('b'), 'b was forgotten, not a')
})

test('a hook of your own decides by anything, and may take its time', async () => {
  const server = quiet()
  server.use(limit(async (_call, ctx) => (ctx.principal?.id === 'slow' ? { retryAfter: '90.001s' } : undefined)))
  server.tool('echo', { description: 'd' }, () => 'ok')
  assert.is(textOf(await new Wire(server).call('echo')), 'ok')
  const wire = new Wire(server, { head: by('slow') })
  assert.match((await wire.call('echo')).error?.message as string, 'try again in 91 s')
})

test('options that make no sense are refused', () => {
  for (const options of [{ perSecond: 0 }, { burst: -1 }, { keys: Number.NaN }, { perSecond: Number.POSITIVE_INFINITY }]) {
    assert.throws(() => tokenBucket({ perSecond: 1, burst: 1, ...options }), /positive number/)
  }
})

test.run()
