/** What must not grow: by calls, by sessions that nobody comes back to, by answers that nobody reads. The figures are those of the issue. */
// time limit: 240 s
import type { ReplyMessage } from '@oarlock/protocol'
import { wsConnector } from '@oarlock/ws/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ask, call, initialize, openSession, tool } from '../../packages/http/test/wire.ts'
import { frame, OPCODE, opened } from '../../packages/ws/test/wire.ts'
import { Lane, replies, requestText, textOf, Yard, type Words } from './yard.ts'

const test = suite('growth')

const KIB = 1024
const MIB = 1024 * KIB
const tell = (text: string): void => console.log(`     ${text} (${Math.round(performance.now() / 1000)} s)`)

const stateless: Words = (id, name, args) => {
  const { headers, body } = tool(name, args as Record<string, unknown>, id)
  return { headers, body: body as object }
}

const inSession =
  (headers: Readonly<Record<string, string>>): Words =>
  (id, name, args) => ({ headers, body: call(name, args as Record<string, unknown>, id) as object })

const CONVERSATIONS: Readonly<Record<string, (port: number) => Promise<Words>>> = {
  '2026-07-28': async () => stateless,
  '2025-11-25': async port => inSession(await openSession(port)),
}

for (const [revision, begin] of Object.entries(CONVERSATIONS)) {
  test(`HTTP, ${revision}: 100,000 calls leave less than 30 bytes each`, async () => {
    const yard = await Yard.open()
    const lanes = Array.from({ length: 4 }, () => new Lane(yard.port))
    const words = await begin(yard.port)
    const each = (from: number, count: number): Promise<unknown> =>
      Promise.all(lanes.map((lane, at) => lane.echoes(words, from + at * count, count)))
    await each(1, 5000)
    const before = await yard.held()
    await each(100_000, 25_000)
    const after = await yard.held()
    const kept = (after.heap - before.heap) / 100_000
    tell(`HTTP, ${revision}: ${kept.toFixed(1)} bytes kept of a call`)
    assert.ok(kept < 30, `${kept} bytes`)
    for (const lane of lanes) await lane.end()
    await yard.close()
  })
}

test('WebSocket: 100,000 calls leave less than 30 bytes each', async () => {
  const yard = await Yard.open()
  const waiting = new Map<unknown, string>()
  let all = (): void => {}
  const link = await wsConnector(`ws://127.0.0.1:${yard.port}/mcp`).connect({
    receive(message) {
      assert.is(message.kind, 'reply')
      const { id, result } = message as ReplyMessage
      assert.is((result as { content: [{ text: string }] }).content[0].text, waiting.get(id))
      waiting.delete(id)
      if (waiting.size === 0) all()
    },
    closed: () => {},
  })
  const echoes = async (from: number, count: number): Promise<void> => {
    for (let first = from; first < from + count; first += 100) {
      const done = new Promise<void>(resolve => {
        all = resolve
      })
      for (let id = first; id < first + 100; id += 1) {
        waiting.set(id, `echo ${id}`)
        void link.send({ kind: 'request', text: JSON.stringify(stateless(id, 'echo', { text: `echo ${id}` }).body) })
      }
      await done
    }
  }
  await echoes(1, 20_000)
  const before = await yard.held()
  await echoes(100_000, 100_000)
  const kept = ((await yard.held()).heap - before.heap) / 100_000
  tell(`WebSocket: ${kept.toFixed(1)} bytes kept of a call`)
  assert.ok(kept < 30, `${kept} bytes`)
  link.close()
  await yard.close()
})

const linesOf = (ids: readonly number[], name: string, args?: (id: number) => object): string =>
  ids.map(id => `${JSON.stringify(stateless(id, name, args?.(id)).body)}\n`).join('')

test('stdio: 100,000 calls leave less than 30 bytes each', async () => {
  const yard = await Yard.open(['stdio'])
  const next = replies(yard.child)
  const echoes = async (from: number, count: number): Promise<void> => {
    for (let first = from; first < from + count; first += 100) {
      const ids = Array.from({ length: 100 }, (_, at) => first + at)
      yard.child.stdin?.write(linesOf(ids, 'echo', id => ({ text: `echo ${id}` })))
      for (const id of ids) {
        const answer = await next()
        assert.equal([answer.id, textOf(answer)], [id, `echo ${id}`])
      }
    }
  }
  await echoes(10, 20_000)
  const before = await yard.held()
  await echoes(100_000, 100_000)
  const kept = ((await yard.held()).heap - before.heap) / 100_000
  tell(`stdio: ${kept.toFixed(1)} bytes kept of a call`)
  assert.ok(kept < 30, `${kept} bytes`)
  await yard.close()
})

test('10,000 sessions that nobody comes back to take under 10 KiB each, and nothing once their time is over', async () => {
  const yard = await Yard.open(['clock'])
  await openMany(yard.port, 100)
  // What opening the first hundred took once stays: they end before the count begins.
  await yard.held(60 * 60_000)
  const before = await yard.held()
  assert.is(before.sessions, 0)
  const ids = (await Promise.all(Array.from({ length: 4 }, () => openMany(yard.port, 2500)))).flat()
  assert.is(new Set(ids).size, 10_000)
  const open = await yard.held()
  const each = (open.heap - before.heap) / 10_000
  assert.is(open.sessions, 10_000)
  const headers = { 'mcp-session-id': ids[5000] as string, 'mcp-protocol-version': '2025-11-25' }
  assert.is((await ask(yard.port, { headers, body: call('echo', { text: 'x' }) })).status, 200)
  await yard.held(29 * 60_000)
  assert.is((await yard.held()).sessions, 10_000)
  const over = await yard.held(2 * 60_000)
  assert.is(over.sessions, 0)
  assert.is((await ask(yard.port, { headers, body: call('echo', { text: 'x' }) })).status, 404)
  const left = ((await yard.held()).heap - before.heap) / 10_000
  tell(`${(each / KIB).toFixed(2)} KiB a session, ${left.toFixed(0)} bytes of it when it is over`)
  assert.ok(each < 10 * KIB, `${each / KIB} KiB`)
  assert.ok(left < 0.5 * KIB, `${left} bytes stayed`)
  await yard.close()
})

/** Opens sessions as clients do that are never seen again. */
async function openMany(port: number, count: number): Promise<readonly string[]> {
  const ids: string[] = []
  for (let turn = 0; turn < count; turn += 50) {
    const { socket } = new Lane(port)
    const heard = (status: number): Promise<string> =>
      new Promise(resolve => {
        let text = ''
        socket.on('data', part => {
          text += String(part)
          if (text.split(`HTTP/1.1 ${status} `).length === 51) resolve(text)
        })
      })
    const opening = heard(200)
    socket.write(Array.from({ length: 50 }, (_, id) => requestText({ headers: {}, body: initialize('2025-11-25', id) as object })).join(''))
    const fresh = Array.from((await opening).matchAll(/\r\nmcp-session-id: *([^\r]+)/gi), ([, id = '']) => id)
    const begun = heard(202)
    const body = { jsonrpc: '2.0', method: 'notifications/initialized' }
    socket.write(fresh.map(id => requestText({ headers: { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' }, body })).join(''))
    await begun
    ids.push(...fresh)
    socket.destroy()
  }
  return ids
}

/** Asks 12,000 times for 10 KiB and reads nothing: the process must not grow by 60 MiB, however long that lasts. */
async function unread(yard: Yard, name: string, ask: Unread, meanwhile: () => Promise<unknown>): Promise<void> {
  const before = await yard.held()
  const leave = await ask(yard)
  // What was asked is taken up as far as it will be.
  for (let turn = 0; turn < 20; turn += 1) await meanwhile()
  const { most } = await yard.held()
  const grown = (most - before.rss) / MIB
  tell(`${name}: 12,000 unread answers, ${grown.toFixed(1)} MiB more resident memory at most`)
  assert.ok(grown < 60, `${name}: grew by ${grown} MiB`)
  await leave()
}

test('12,000 answers of 10 KiB that nobody reads take less than 60 MiB, over HTTP in both conversations, and over WebSocket', async () => {
  const yard = await Yard.open()
  const words = await Promise.all(Object.values(CONVERSATIONS).map(begin => begin(yard.port)))
  const lane = new Lane(yard.port)
  for (const each of words) await lane.echoes(each, 1, 2000)
  // Others are served meanwhile.
  const others = (): Promise<void> => lane.echoes(stateless, 1, 100)
  await unread(yard, '2026-07-28', unreadHttp(words[0]), others)
  await unread(yard, '2025-11-25', unreadHttp(words[1]), others)
  await unread(yard, 'WebSocket', unreadWs, others)
  await lane.end()
  await yard.close()
})

test('12,000 answers of 10 KiB that nobody reads take less than 60 MiB over stdio, and are all there when they are read', async () => {
  const yard = await Yard.open(['stdio'])
  const next = replies(yard.child)
  const { stdin, stdout } = yard.child
  stdin?.write(
    linesOf(
      Array.from({ length: 2000 }, (_, at) => at),
      'echo',
      id => ({ text: `echo ${id}` }),
    ),
  )
  for (let id = 0; id < 2000; id += 1) assert.is((await next()).id, id)
  const ids = Array.from({ length: 12_000 }, (_, at) => at)
  const ask = async (): Promise<() => Promise<void>> => {
    stdout?.pause()
    stdin?.write(linesOf(ids, 'page'))
    return async () => {
      stdout?.resume()
      for (const id of ids) {
        const answer = await next()
        assert.equal([answer.id, textOf(answer).length], [id, 10_240])
      }
    }
  }
  await unread(yard, 'stdio', ask, () => yard.held())
  await yard.close()
})

type Unread = (yard: Yard) => Promise<() => unknown>

/** A client that asks 12,000 times on one connection, and reads nothing. */
const unreadHttp =
  (words: Words = stateless): Unread =>
  async ({ port }) => {
    const { socket } = new Lane(port)
    socket.pause()
    socket.write(Array.from({ length: 12_000 }, (_, id) => requestText(words(id, 'page'))).join(''))
    return () => socket.destroy()
  }

const unreadWs: Unread = async ({ port }) => {
  const raw = await opened(port)
  raw.pause()
  raw.write(Buffer.concat(Array.from({ length: 12_000 }, (_, id) => frame(OPCODE.text, JSON.stringify(stateless(id, 'page').body)))))
  return () => raw.socket.destroy()
}

test('20,000 calls of 2,000 clients in a heap of 256 MiB come to a plateau, and no descriptor is left over', async () => {
  const yard = await Yard.open([], ['--max-old-space-size=256'])
  const session = inSession(await openSession(yard.port))
  const round = async (from: number): Promise<void> => {
    for (let client = 0; client < 50; client += 1) {
      const lanes = Array.from({ length: 10 }, () => new Lane(yard.port))
      await Promise.all(lanes.map((lane, at) => lane.echoes(at % 2 === 0 ? stateless : session, from + client * 100 + at * 10, 10)))
      await Promise.all(lanes.map(lane => lane.end()))
    }
  }
  const heaps: number[] = []
  const before = yard.descriptors
  for (let quarter = 0; quarter < 4; quarter += 1) {
    await round(1 + quarter * 5000)
    heaps.push((await yard.held()).heap)
  }
  const [, second = 0, , last = 0] = heaps
  tell(`heap after each quarter: ${heaps.map(heap => (heap / MIB).toFixed(2)).join(', ')} MiB`)
  assert.ok(last - second < 0.3 * MIB, `${heaps.map(heap => heap / MIB).join(', ')} MiB`)
  // Sockets are closed a moment after their end was seen.
  while (yard.descriptors > before) await yard.held()
  await yard.close()
})

test.run()
