import { Server } from '@oarlock/kernel'
import { LogBuffer, logs, type LogsOptions } from '@oarlock/resources/logs'
import { rules } from '@oarlock/resources'
import { matrix, raw, type Json, type RawMessage } from '@oarlock/testing'
import { readdirSync, readlinkSync } from 'node:fs'
import { appendFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { temporary } from './temporary.ts'

const test = suite('logs')

const OLDEST = '2024-11-05'
const NEWEST = '2026-07-28'

function serving(options: LogsOptions): Server {
  const server = new Server({ name: 'ops', version: '1.0.0' })
  server.offer(logs({ debounce: 10, poll: 20, ...options }))
  return server
}

const entriesOf = ([content]: readonly unknown[]): readonly Json[] =>
  (JSON.parse((content as { readonly text: string }).text) as { readonly entries: readonly Json[] }).entries

/** How often this process has a file open. Linux tells; elsewhere what is expected is taken to be so. */
function opened(path: string): number | undefined {
  if (process.platform !== 'linux') return undefined
  return readdirSync('/proc/self/fd').filter(fd => targetOf(`/proc/self/fd/${fd}`) === path).length
}

function targetOf(link: string): string | undefined {
  try {
    return readlinkSync(link)
  } catch {
    // The folder was itself open while it was listed.
    return undefined
  }
}

async function until(count: () => number | undefined, expected: number): Promise<void> {
  while ((count() ?? expected) !== expected) await new Promise(setImmediate)
}

matrix({ revisions: [OLDEST, NEWEST] }, ({ name, connect }) => {
  test(`logs are listed, completed, read and searched: ${name}`, async () => {
    await using folder = await temporary()
    const path = join(folder.path, 'api.log')
    await writeFile(path, '{"level":30,"time":1795255200000,"name":"http","msg":"started"}\n{"level":50,"name":"db","msg":"refused"}\n')
    const buffer = new LogBuffer()
    pino({}, buffer).warn('from pino')
    await using pair = await connect(serving({ sources: { api: path, app: buffer }, search: true }))
    const { client } = pair
    assert.equal(
      (await client.resources()).map(({ uri, mimeType }) => [uri, mimeType]),
      [
        ['logs://api', 'application/json'],
        ['logs://app', 'application/json'],
      ],
    )
    assert.equal(entriesOf(await client.read('logs://api')), [
      { time: '2026-11-21T10:00:00.000Z', level: 'info', component: 'http', message: 'started' },
      { level: 'error', component: 'db', message: 'refused' },
    ])
    assert.is(entriesOf(await client.read('logs://app?level=warning'))[0]?.['message'], 'from pino')
    const ref = { type: 'ref/resource', uri: (await client.templates())[0]?.uriTemplate ?? '' } as const
    assert.equal((await client.complete(ref, { name: 'name', value: 'a' })).values, ['api', 'app'])
    assert.equal((await client.complete(ref, { name: 'level', value: 'e' })).values, ['error', 'emergency'])
    const found = JSON.stringify(await client.call('search_logs', { log: 'api', text: 'REF' }))
    assert.ok(found.includes('refused') && !found.includes('started'), found)
  })

  test(`whoever follows a query is told of entries that it wants, and of no others, across a rotation: ${name}`, async () => {
    await using folder = await temporary()
    const path = join(folder.path, 'api.log')
    await writeFile(path, '')
    await using pair = await connect(serving({ sources: { api: path } }))
    const uri = 'logs://api?level=error'
    const errors = pair.client.listen({ resources: [uri] })
    const all = pair.client.listen({ resources: ['logs://api'] })
    await Promise.all([errors.ready, all.ready])
    await appendFile(path, '{"level":30,"msg":"fine"}\n')
    assert.equal((await all.next()).value, { kind: 'resource', uri: 'logs://api' })
    await rename(path, `${path}.1`)
    await writeFile(path, '{"level":50,"msg":"broken"}\n')
    assert.equal((await errors.next()).value, { kind: 'resource', uri })
    assert.is(entriesOf(await pair.client.read(uri))[0]?.['message'], 'broken')
    errors.close()
    all.close()
  })
})

test('many lines at once are one piece of news', async () => {
  const buffer = new LogBuffer()
  const server = serving({ sources: { app: buffer }, debounce: 30 })
  const peer = raw(server)
  await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
  await peer.request('resources/subscribe', { uri: 'logs://app' })
  // A watch is started after the answer.
  await new Promise(setImmediate)
  for (let n = 0; n < 500; n++) buffer.push({ message: `${n}` })
  const isNews = ({ method }: RawMessage): boolean => method === 'notifications/resources/updated'
  await peer.until(isNews)
  await peer.request('resources/unsubscribe', { uri: 'logs://app' })
  assert.is(peer.received.filter(isNews).length, 1)
  await server.close()
})

test('a file is open only while somebody follows it, however many do', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, '')
  const server = serving({ sources: { app: path } })
  const peer = raw(server)
  await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
  await peer.request('resources/read', { uri: 'logs://app' })
  await until(() => opened(path), 0)
  for (const uri of ['logs://app', 'logs://app?level=error']) await peer.request('resources/subscribe', { uri })
  await until(() => opened(path), 1)
  await peer.request('resources/unsubscribe', { uri: 'logs://app' })
  await appendFile(path, '{"level":50,"msg":"still followed"}\n')
  await peer.until(({ method }) => method === 'notifications/resources/updated')
  assert.is(opened(path) ?? 1, 1)
  await peer.request('resources/unsubscribe', { uri: 'logs://app?level=error' })
  await until(() => opened(path), 0)
  await server.close()
})

test('row 17: a rule about a log holds for every query on it, for the list, for completion, for following and for the tool', async () => {
  const access = rules([{ uri: 'logs://audit', roles: ['auditor'] }, { uri: 'logs://**' }])
  const [open, audit] = [new LogBuffer(), new LogBuffer()]
  open.push({ message: 'open' })
  audit.push({ message: 'hidden' })
  const server = serving({ sources: { app: open, audit }, access, search: 'find' })
  const peer = raw(server)
  await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
  const listed = (await peer.request('resources/list')).result?.['resources'] as readonly Json[]
  assert.equal(
    listed.map(({ uri }) => uri),
    ['logs://app'],
  )
  for (const uri of ['logs://audit', 'logs://audit?limit=1', 'logs://%61udit?text=x', 'logs://nothing']) {
    assert.is((await peer.request('resources/read', { uri })).error?.code, -32002, uri)
    assert.is((await peer.request('resources/subscribe', { uri })).error?.code, -32002, uri)
  }
  const ref = { type: 'ref/resource', uri: 'logs://{name}{?level,component,since,until,text,limit,before}' }
  const completed = await peer.request('completion/complete', { ref, argument: { name: 'name', value: '' } })
  assert.equal(completed.result?.['completion'], { values: ['app'], total: 1, hasMore: false })
  const tools = await peer.request('tools/list')
  assert.not(JSON.stringify(tools).includes('audit'))
  const called = await peer.request('tools/call', { name: 'find', arguments: { log: 'audit' } })
  assert.ok(JSON.stringify(called.result).includes('There is no log of that name. There are: app'))
  await server.close()
})

test('names and options that cannot be are refused', () => {
  assert.throws(() => logs({ sources: {} }), /at least one source/)
  assert.throws(() => logs({ sources: { 'A/b': 'x' } }), /"A\/b" is no name for a log/)
  assert.throws(() => logs({ sources: { a: { path: 'x', format: 'xml' as never } } }), /no log format/)
  assert.throws(() => logs({ sources: { a: 'x' }, limit: 0 }), /limit must be a whole number/)
  assert.throws(() => logs({ sources: { a: 'x' }, maxBytes: 1_000 }), /maxBytes of logs must be/)
})

test.run()
