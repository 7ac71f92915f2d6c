/** PostgreSQL's connection is cut at every byte of its answers, and while nobody uses it: one read fails at most, and the process lives. */
// time limit: 120 s

import { DatabaseFailure, postgres, type DatabaseSource } from '@oarlock/resources/database'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { proxyTo, type Proxy } from '../../../../test/proxy/proxy.ts'
import { skip } from '../../../../test/runner/skip.ts'
import { startPostgres, type Postgres } from './postgres-server.ts'

const test = suite('cuts')
const uncaught: unknown[] = []
const hear = (cause: unknown) => void uncaught.push(cause)
let server: Postgres
let proxy: Proxy

test.before(async () => {
  process.on('uncaughtException', hear).on('unhandledRejection', hear)
  server = await startPostgres()
  proxy = await proxyTo(server.port)
})
test.after(async () => {
  await proxy.close()
  await server.stop()
  process.off('uncaughtException', hear).off('unhandledRejection', hear)
})

const through = () =>
  postgres({
    host: '127.0.0.1',
    port: proxy.port,
    user: 'postgres',
    database: 'postgres',
    connections: 1,
    connectTimeout: '300ms',
    channel: 'oarlock',
  })
/** What a statement brings, or of which kind its failure is. */
const run = (source: DatabaseSource): Promise<unknown> =>
  source.run({ sql: 'SELECT 1 AS x', values: [], rows: 1, bytes: 1_000, timeout: '5s' }).then(
    ({ rows }) => rows[0]?.[0],
    (cause: unknown) => (cause instanceof DatabaseFailure ? cause.kind : cause),
  )

test('a connection that is cut at any byte costs one read at most', async () => {
  const seen = new Set<unknown>()
  // From the greeting over BEGIN and the statement to ROLLBACK: no answer is shorter than a step.
  for (let after = 0, whole = false; !whole; after += 9) {
    const before = proxy.count
    proxy.plan = () => ({ mischief: proxy.count === before + 1 ? 'cut' : 'pass', after })
    const source = through()
    const first = await run(source)
    seen.add(first)
    assert.ok(first === '1' || first === 'connection', `after ${after} bytes: ${String(first)}`)
    const second = await run(source)
    // When all of the first went through, the second is the one that is cut.
    whole = first === '1' && second !== '1'
    if (whole) assert.is(await run(source), '1')
    else assert.is(second, '1', `the read after a cut after ${after} bytes`)
    await source.close()
    assert.equal(uncaught, [], `cut after ${after} bytes`)
  }
  assert.equal(seen, new Set(['1', 'connection']))
})

test('a connection that is cut while nobody uses it is replaced unseen, and one that listens comes back', async () => {
  proxy.plan = () => ({ mischief: 'pass', after: 0 })
  const source = through()
  assert.is(await run(source), '1')
  const failures: unknown[] = []
  let end = () => {}
  await new Promise<void>(resolve => {
    const following = source.follow(
      () => resolve(),
      cause => failures.push(cause),
    )
    void following.then(ends => {
      end = ends
      proxy.cut()
    })
  })
  end()
  assert.is(failures.length, 1)
  assert.is(await run(source), '1')
  await source.close()
  assert.equal(uncaught, [])
})

test('a connection that stands still while it is rolled back is given up', async () => {
  for (let after = 300, done = false; !done; after += 20) {
    const before = proxy.count
    proxy.plan = () => ({ mischief: proxy.count === before + 1 ? 'stall' : 'pass', after })
    const source = through()
    const statement = { sql: 'SELECT 1 AS x', values: [], rows: 1, bytes: 1_000, timeout: 100 }
    const first = await source.run(statement).then(({ rows }) => rows[0]?.[0], String)
    done = first === '1'
    if (done) assert.is(await run(source), '1')
    await source.close()
  }
  assert.equal(uncaught, [])
})

if (startPostgres.found() !== undefined) test.run()
else skip('cuts', 'PostgreSQL is not installed')
