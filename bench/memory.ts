/** What things cost in memory, and what one change costs that many streams hear: `node bench/memory.ts`, after a build. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { META } from '@oarlock/protocol'
import { serverFile } from './compile.ts'
import { median } from './cpu.ts'
import { Connection } from './load/http.ts'
import { INITIALIZE, INITIALIZED, requestText, scenarioOf } from './scenarios.ts'
import type { Health } from './servers/held.ts'

const SESSIONS = 10_000
const STREAMS = 1_000
const CALLS = 100_000
const CHANGES = 50
const WARM = 30
const HEAD = 'Host: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\n'
const LISTEN = JSON.stringify({
  jsonrpc: '2.0',
  id: 'listen',
  method: 'subscriptions/listen',
  params: {
    notifications: { toolsListChanged: true },
    _meta: { [META.version]: '2026-07-28', [META.capabilities]: {}, [META.clientInfo]: { name: 'bench', version: '1.0.0' } },
  },
})

interface Held {
  readonly child: ChildProcess
  readonly port: number
}

async function start(kind: 'oarlock' | 'floor'): Promise<Held> {
  const child = fork(serverFile('held'), [kind], { execArgv: ['--expose-gc'] })
  const [port] = (await once(child, 'message')) as [number]
  return { child, port }
}

async function ask({ child }: Held, what: 'gc' | 'look'): Promise<Health> {
  child.send(what)
  return ((await once(child, 'message')) as [Health])[0]
}

const show = (what: string, figure: string): void => console.log(`| ${what} | ${figure} |`)
const kib = (bytes: number): string => `${(bytes / 1024).toFixed(2)} KiB`

async function openSessions(port: number, count: number): Promise<readonly string[]> {
  const connection = await Connection.open(port)
  const ids: string[] = []
  while (ids.length < count) {
    const { head } = await connection.post(INITIALIZE, '')
    const [, id = ''] = /\r\nmcp-session-id: *([^\r]+)/.exec(head) ?? []
    await connection.post(INITIALIZED, `MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: ${id}\r\n`)
    ids.push(id)
  }
  connection.close()
  return ids
}

async function sessions(): Promise<void> {
  const held = await start('oarlock')
  await openSessions(held.port, 100)
  const before = await ask(held, 'gc')
  await openSessions(held.port, SESSIONS)
  const after = await ask(held, 'gc')
  show(`a session of 2025-11-25, idle (heap, of ${SESSIONS})`, kib((after.heap - before.heap) / SESSIONS))
  held.child.kill()
}

/** An event stream that counts the frames it got. */
class Stream {
  readonly #socket: Socket
  frames = 0

  constructor(port: number, request: string) {
    this.#socket = connect(port, '127.0.0.1', () => this.#socket.write(request))
    // Events end with an empty line; comments and the answer's head hold no data.
    this.#socket.setEncoding('latin1').on('data', text => (this.frames += (String(text).match(/^data: ?\{/gm) ?? []).length))
  }
}

const listenRequest = (): string =>
  `POST /mcp HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: subscriptions/listen\r\nContent-Length: ${Buffer.byteLength(LISTEN)}\r\n\r\n${LISTEN}`
const getRequest = (session: string): string =>
  `GET /mcp HTTP/1.1\r\n${HEAD}MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: ${session}\r\n\r\n`

async function openStreams({ port }: Held, requests: readonly string[]): Promise<readonly Stream[]> {
  const streams: Stream[] = []
  for (const request of requests) {
    streams.push(new Stream(port, request))
    // A listen queue is not endless.
    if (streams.length % 100 === 0) await pause(50)
  }
  await pause(500)
  return streams
}

const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

/** A server whose streams stay open until changes have been told to them. */
interface Told extends Held {
  readonly open: readonly Stream[]
  /** Microseconds of its processor for one change that all streams hear, turn by turn. */
  readonly times: number[]
}

async function streams(name: string, kind: 'listen' | 'get' | 'floor'): Promise<Told> {
  const held = await start(kind === 'floor' ? 'floor' : 'oarlock')
  const ids = kind === 'get' ? await openSessions(held.port, STREAMS) : []
  const requests = Array.from({ length: STREAMS }, (_, index) => (kind === 'get' ? getRequest(ids[index] ?? '') : listenRequest()))
  const before = await ask(held, 'gc')
  const open = await openStreams(held, requests)
  const after = await ask(held, 'gc')
  show(`${name} (heap, of ${STREAMS})`, kib((after.heap - before.heap) / STREAMS))
  show(`${name}: resident memory with ${STREAMS}`, `${(after.rss / 1e6).toFixed(0)} MB`)
  return { ...held, open, times: [] }
}

/** One change to all streams of a server. */
async function change(held: Told): Promise<number> {
  const first = held.open.map(({ frames }) => frames)
  const { cpu } = await ask(held, 'look')
  held.child.send('change')
  while (held.open.some(({ frames }, index) => frames === first[index])) await pause(5)
  return (await ask(held, 'look')).cpu - cpu
}

/** Changes in turns, so that what else the machine does happens to all servers. The first turns warm everybody up. */
async function fanOut(all: readonly Told[]): Promise<void> {
  for (let turn = -WARM; turn < CHANGES; turn += 1) {
    for (const held of all) {
      const took = await change(held)
      if (turn >= 0) held.times.push(took)
    }
  }
  for (const { child } of all) child.kill()
}

async function calls(): Promise<void> {
  for (const speech of ['2026-07-28', '2025-11-25'] as const) {
    const held = await start('oarlock')
    const connection = await Connection.open(held.port)
    const [session] = speech === '2025-11-25' ? await openSessions(held.port, 1) : []
    const headers =
      session === undefined
        ? 'MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: echo\r\n'
        : `MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: ${session}\r\n`
    const echo = scenarioOf('echo')
    let id = 0
    const some = async (count: number): Promise<void> => {
      for (let turn = 0; turn < count; turn += 1) await connection.post(requestText(echo, speech, (id += 1)), headers)
    }
    await some(20_000)
    const before = await ask(held, 'gc')
    await some(CALLS)
    const after = await ask(held, 'gc')
    show(`kept of a call, ${speech} (heap, of ${CALLS})`, `${((after.heap - before.heap) / CALLS).toFixed(1)} bytes`)
    connection.close()
    held.child.kill()
  }
}

console.log('| | |\n|---|---|')
await sessions()
const floor = await streams('a response of the floor', 'floor')
const listen = await streams('a listen stream of 2026-07-28', 'listen')
const get = await streams('a GET stream of 2025-11-25', 'get')
await fanOut([floor, listen, get])
show(`one change told to ${STREAMS} streams: floor`, `${(median(floor.times) / 1000).toFixed(1)} ms`)
for (const [speech, { times }] of Object.entries({ '2026-07-28': listen, '2025-11-25': get })) {
  const ratio = median(times.map((time, turn) => time / (floor.times[turn] as number)))
  show(`the same, ${speech}`, `${(median(times) / 1000).toFixed(1)} ms, ${ratio.toFixed(2)} of the floor`)
}
await calls()
process.exit()
