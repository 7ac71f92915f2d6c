/**
 * Many WebSockets at once, each calling a tool without pause, or all together so many times a second: `node bench/ws-sockets.ts [SOCKETS] [SECONDS] [RATE]`, after
 * a build. The server has a process of its own; what is printed is about it. Fails when it needs 300 MB or more, and with a rate when it is not kept or one call
 * of a hundred takes 100 ms.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { encodeRequest, META, type Link } from '@oarlock/protocol'
import { wsConnector } from '@oarlock/ws/client'
import type { Health } from './ws-sockets-server.ts'

const SOCKETS = Number(process.argv[2] ?? 1000)
const SECONDS = Number(process.argv[3] ?? 10)
/** Calls a second of all sockets together; 0 is as many as there can be. */
const RATE = Number(process.argv[4] ?? 0)
const MOST_MB = 300
const MOST_MS = 100
/** Opened at the same time: a listen queue is not endless. */
const WAVE = 100
/** Milliseconds between two calls of a socket. */
const BEAT = RATE === 0 ? 0 : (SOCKETS * 1000) / RATE

const child = fork(fileURLToPath(new URL('ws-sockets-server.ts', import.meta.url)), { execArgv: ['--expose-gc'] })
const [url] = (await once(child, 'message')) as [string]

async function ask(what: 'gc' | 'look'): Promise<Health> {
  child.send(what)
  return ((await once(child, 'message')) as [Health])[0]
}

const _meta = { [META.version]: '2026-07-28', [META.capabilities]: {}, [META.clientInfo]: { name: 'bench', version: '1.0.0' } }
const latencies: number[] = []
let calls = 0
let wrong = 0
let calling = true

/** One client: its next call leaves when the last is answered. */
async function open(): Promise<{ readonly link: Link; call(): Promise<void> }> {
  let done = (): void => undefined
  let id = 0
  let sent = 0
  let link: Link
  let due = 0
  /** With a rate each socket has a beat of its own; one that is late does not wait, so that what was lost is made up for. */
  const next = (): void => {
    if (!calling) return done()
    if (RATE === 0) return ask()
    due = due === 0 ? performance.now() + Math.random() * BEAT : due + BEAT
    const wait = due - performance.now()
    if (wait <= 0) ask()
    else setTimeout(ask, wait)
  }
  const ask = (): void => {
    id += 1
    sent = performance.now()
    void link.send({
      kind: 'request',
      id,
      method: 'tools/call',
      text: encodeRequest(id, 'tools/call', { name: 'add', arguments: { a: id, b: 1 }, _meta }),
    })
  }
  link = await wsConnector(url).connect({
    receive(message) {
      const text = message.kind === 'reply' ? (message.result?.['content'] as { text: string }[] | undefined)?.[0]?.text : undefined
      if (text !== String(id + 1)) wrong += 1
      calls += 1
      if (calls % 7 === 0) latencies.push(performance.now() - sent)
      next()
    },
    closed: () => undefined,
  })
  return {
    link,
    call: () =>
      new Promise(resolve => {
        done = resolve
        next()
      }),
  }
}

const empty = await ask('gc')
const started = performance.now()
const clients = []
while (clients.length < SOCKETS)
  clients.push(...(await Promise.all(Array.from({ length: Math.min(WAVE, SOCKETS - clients.length) }, open))))
const openMs = performance.now() - started
const idle = await ask('gc')

const before = await ask('look')
const begun = performance.now()
setTimeout(() => (calling = false), SECONDS * 1000)
await Promise.all(clients.map(client => client.call()))
const elapsed = (performance.now() - begun) / 1000
const after = await ask('look')
const rested = await ask('gc')

for (const { link } of clients) link.close()
child.send('end')
await once(child, 'exit')

latencies.sort((a, b) => a - b)
const within = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
const at = (share: number): string => `${within(share).toFixed(1)} ms`
const rows: [string, string][] = [
  ['sockets', String(SOCKETS)],
  ['opened in', `${Math.round(openMs)} ms`],
  ['memory of the server, empty', `${empty.rss} MB`],
  ['with all sockets open and idle', `${idle.rss} MB (${(((idle.rss - empty.rss) * 1024) / SOCKETS).toFixed(1)} KiB each)`],
  ['at most while all call', `${after.peak} MB`],
  ['heap afterwards', `${rested.heap} MB`],
  ['calls', `${calls} in ${elapsed.toFixed(1)} s, ${Math.round(calls / elapsed)} a second; ${wrong} wrong`],
  ['latency: median, 99 %', `${at(0.5)}, ${at(0.99)}`],
  ['processor of the server', `${(((after.cpuMs - before.cpuMs) * 1000) / calls).toFixed(1)} µs a call`],
]
console.log(`| | Node ${process.versions.node} |\n|---|---|`)
for (const [what, value] of rows) console.log(`| ${what} | ${value} |`)

const late = RATE > 0 && (calls / elapsed < RATE * 0.98 || !(within(0.99) < MOST_MS))
if (wrong > 0 || calls === 0 || after.peak >= MOST_MB || late) {
  console.error(`FAILED: ${wrong} wrong answers of ${calls}, ${after.peak} MB of ${MOST_MB}${late ? ', the rate is not kept' : ''}`)
  process.exitCode = 1
}
