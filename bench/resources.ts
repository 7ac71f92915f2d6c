/**
 * What many resources cost: 10 and 10,000 of them, as files of a directory and as components of their own. `node bench/resources.ts [CALLS]`, after a build. Each case runs in
 * a process of its own, requests and answers as text in memory, so that what is measured is the server and not a transport. Fails when a call costs with 10,000
 * resources more than twice of what it costs with 10.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Server } from '@oarlock/kernel'
import { bareHead, FIRST_STATELESS, META, parse, type Frame } from '@oarlock/protocol'
import { files } from '@oarlock/resources/files'

const KINDS = ['components', 'files', 'files, watched'] as const
type Kind = (typeof KINDS)[number]

interface Figures {
  /** Memory in MB once everything is listed, more than that of a server without resources. */
  readonly memory: number
  /** The part of it that lives on the heap. */
  readonly heap: number
  /** Milliseconds: until the server can answer, and until it has answered the first list. */
  readonly offered: number
  readonly firstPage: number
  /** Microseconds of processor: for a first page of five, for one far behind it, for a read. */
  readonly page: number
  readonly later: number
  readonly read: number
}

/** A server and the text that goes to and fro. */
class Desk {
  readonly server: Server
  #id = 0
  #answered: (text: string) => void = () => {}
  readonly #receiver

  constructor(pageSize: number) {
    this.server = new Server({ name: 'bench', version: '1.0.0', log: false, pageSize })
    this.#receiver = this.server.connect({ send: (frame: Frame) => this.#answered(frame.text), close: () => {} }, bareHead('bench'))
  }

  ask(method: string, params: object): Promise<string> {
    const _meta = { [META.version]: FIRST_STATELESS, [META.capabilities]: {}, [META.clientInfo]: { name: 'bench', version: '1' } }
    const text = JSON.stringify({ jsonrpc: '2.0', id: ++this.#id, method, params: { ...params, _meta } })
    return new Promise(resolve => {
      this.#answered = resolve
      this.#receiver.receive(parse(text))
    })
  }
}

const nameOf = (index: number): string => `folder-${index % 100}/note-${String(index).padStart(5, '0')}.md`

function offer({ server }: Desk, kind: Kind, count: number, path: string): void {
  if (kind !== 'components') {
    server.offer(files({ roots: { path, name: 'notes' }, watch: kind === 'files' ? false : 'always' }))
    return
  }
  for (let index = 0; index < count; index += 1) {
    const name = nameOf(index)
    server.resource(name, { uri: `file:///notes/${name}`, description: 'A note', mimeType: 'text/markdown' }, () => 'text')
  }
}

async function cost(calls: number, call: () => Promise<string>): Promise<number> {
  for (let index = 0; index < calls / 4; index += 1) await call()
  const rounds: number[] = []
  for (let round = 0; round < 5; round += 1) {
    const before = process.cpuUsage()
    for (let index = 0; index < calls / 5; index += 1) await call()
    const { user, system } = process.cpuUsage(before)
    rounds.push((user + system) / (calls / 5))
  }
  return Math.min(...rounds)
}

async function measure(kind: Kind, count: number, path: string, calls: number): Promise<Figures> {
  await new Desk(5).ask('resources/list', {})
  globalThis.gc?.()
  const empty = process.memoryUsage()
  const start = performance.now()
  const desk = new Desk(5)
  offer(desk, kind, count, path)
  const offered = performance.now() - start
  await desk.ask('resources/list', {})
  const firstPage = performance.now() - start - offered
  if (kind === 'files, watched') await settle(desk, count)
  globalThis.gc?.()
  const full = process.memoryUsage()
  const cursors: (string | undefined)[] = [undefined]
  for (let cursor: string | undefined; ;) {
    cursor = (JSON.parse(await desk.ask('resources/list', cursor === undefined ? {} : { cursor })) as { result: { nextCursor?: string } })
      .result.nextCursor
    if (cursor === undefined) break
    cursors.push(cursor)
  }
  const cursor = cursors[Math.min(500, cursors.length - 1)]
  const uri = `file:///notes/${nameOf(count - 1)}`
  const read = await desk.ask('resources/read', { uri })
  if (!read.includes('"text":"')) throw new Error(`no answer to a read: ${read}`)
  const figures = {
    memory: (full.rss - empty.rss) / 1e6,
    heap: (full.heapUsed - empty.heapUsed) / 1e6,
    offered,
    firstPage,
    page: await cost(calls, () => desk.ask('resources/list', {})),
    later: await cost(calls, () => desk.ask('resources/list', cursor === undefined ? {} : { cursor })),
    read: await cost(calls, () => desk.ask('resources/read', { uri })),
  }
  await desk.server.close()
  return figures
}

/** Waits until the folders are watched, which the processor tells by being idle. */
async function settle(desk: Desk, count: number): Promise<void> {
  for (let idle = 0, last = process.cpuUsage(); idle < 5;) {
    await new Promise(resolve => setTimeout(resolve, 20))
    const { user } = process.cpuUsage(last)
    idle = user < 2_000 ? idle + 1 : 0
    last = process.cpuUsage()
  }
  if (count > 0) await desk.ask('resources/list', {})
}

/** The best of each: whatever else the machine does only adds. */
function bestOf(a: Figures, b: Figures): Figures {
  const best = Object.entries(a).map(([name, figure]: [string, number]) => [name, Math.min(figure, b[name as keyof Figures])])
  return Object.fromEntries(best) as Figures
}

const RUNS = 3

const [first, second, third, fourth] = process.argv.slice(2)
if (first === 'measure') {
  const figures = await measure(second as Kind, Number(third), fourth as string, Number(process.argv[6]))
  console.log(JSON.stringify(figures))
} else {
  const calls = first ?? '3000'
  const place = mkdtempSync(join(tmpdir(), 'oarlock-bench-'))
  let failed = false
  console.log(
    '| | resources | offered | first list | memory | heap | first page of 5 | a later page | read |\n|---|---|---|---|---|---|---|---|---|',
  )
  for (const kind of KINDS) {
    const all: Figures[] = []
    for (const count of [10, 10_000]) {
      const path = join(place, String(count))
      for (let index = 0; index < count; index += 1) {
        if (index < 100) mkdirSync(join(path, `folder-${index}`), { recursive: true })
        writeFileSync(join(path, nameOf(index)), `# Note ${index}\n`)
      }
      const args = ['--expose-gc', ...process.execArgv, fileURLToPath(import.meta.url), 'measure', kind, String(count), path, calls]
      const runs = Array.from({ length: RUNS }, () => JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Figures)
      const figures = runs.reduce(bestOf)
      all.push(figures)
      const { offered, firstPage, memory, heap, page, later, read } = figures
      const times = [page, later, read].map(figure => `${figure.toFixed(1)} µs`).join(' | ')
      console.log(
        `| ${kind} | ${count} | ${offered.toFixed(1)} ms | ${firstPage.toFixed(1)} ms | ${memory.toFixed(1)} MB | ${heap.toFixed(1)} MB | ${times} |`,
      )
    }
    const [few, many] = all as [Figures, Figures]
    for (const what of ['page', 'later', 'read'] as const) {
      if (many[what] <= few[what] * 2) continue
      failed = true
      console.error(`${kind}: ${what} costs ${(many[what] / few[what]).toFixed(1)} times as much with 10,000 resources`)
    }
  }
  rmSync(place, { recursive: true, force: true })
  if (failed) process.exitCode = 1
}
