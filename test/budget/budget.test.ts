/**
 * What a call may allocate. Counts are stable on noisy machines where times are not: the young generation is made so large that nothing is collected while
 * calls are made, so that what the heap grew by is what they allocated. `OARLOCK_UPDATE=1` writes `budget.json` anew.
 */
// time limit: 180 s
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { META } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Connection, messageOf } from '../../bench/load/http.ts'

const PINNED = new URL('budget.json', import.meta.url)
const WARM = 6_000
const CALLS = 2_000
/** A rise of more than this share of what is pinned fails. Optimising compilers do not always do the same. */
const TOLERANCE = 0.08

type Speech = '2026-07-28' | '2025-11-25'
interface Asked {
  readonly method: string
  readonly target?: string
  readonly params: object
}

const ASKED: readonly Asked[] = [
  { method: 'tools/call', target: 'echo', params: { name: 'echo', arguments: { text: 'hello' } } },
  { method: 'tools/call', target: 'add', params: { name: 'add', arguments: { a: 1, b: 2 } } },
  { method: 'tools/list', params: {} },
  { method: 'resources/read', target: 'note://document', params: { uri: 'note://document' } },
  { method: 'prompts/get', target: 'review', params: { name: 'review', arguments: { code: 'f()' } } },
]

const budget = JSON.parse(readFileSync(PINNED, 'utf8')) as Record<string, number>
const seen: Record<string, number> = {}

interface Context {
  child: ChildProcess
  connection: Connection
  session: string
}

const test = suite<Context>('budget')

test.before(async context => {
  const execArgv = [...process.execArgv, '--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256']
  context.child = fork(fileURLToPath(new URL('served.ts', import.meta.url)), { execArgv })
  const [port] = (await once(context.child, 'message')) as [number]
  context.connection = await Connection.open(port)
  const clientInfo = { name: 'budget', version: '1.0.0' }
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
  const { head } = await context.connection.post(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }), '')
  context.session = `MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: ${/mcp-session-id: *([^\r]+)/.exec(head)?.[1]}\r\n`
  await context.connection.post('{"jsonrpc":"2.0","method":"notifications/initialized"}', context.session)
})

test.after(context => {
  context.connection.close()
  context.child.kill()
  if (process.env['OARLOCK_UPDATE'] === '1') writeFileSync(PINNED, `${JSON.stringify(seen, undefined, 2)}\n`)
})

for (const speech of ['2026-07-28', '2025-11-25'] as const) {
  for (const asked of ASKED) {
    const name = `${asked.method}${asked.target === undefined ? '' : ` ${asked.target}`}, ${speech}`
    test(`${name} allocates what it did`, async context => {
      const bytes = await allocated(context, asked, speech)
      seen[name] = Math.round(bytes)
      if (process.env['OARLOCK_UPDATE'] === '1') return
      const pinned = budget[name]
      assert.ok(pinned !== undefined, `${name} has no budget: run this test with OARLOCK_UPDATE=1`)
      assert.ok(
        bytes <= pinned * (1 + TOLERANCE),
        `${name} allocates ${Math.round(bytes)} bytes a call, and ${pinned} are pinned: find what is new on its way, or pin it with OARLOCK_UPDATE=1 and say why`,
      )
    })
  }
}

/** Bytes that the server allocates for one call: the least of three runs, since what disturbs only adds. */
async function allocated(context: Context, asked: Asked, speech: Speech): Promise<number> {
  const ask = (count: number): Promise<void> => calls(context, asked, speech, count)
  await ask(WARM)
  const figures: number[] = []
  for (let run = 0; run < 3; run += 1) {
    await heap(context)
    const before = await heap(context)
    await ask(CALLS)
    figures.push(((await heap(context)) - before) / CALLS)
  }
  return Math.min(...figures)
}

/** What the heap holds, before it is collected. */
async function heap({ child }: Context): Promise<number> {
  child.send('heap')
  return ((await once(child, 'message')) as [number])[0]
}

async function calls({ connection, session }: Context, { method, target, params }: Asked, speech: Speech, count: number): Promise<void> {
  const stateless = speech === '2026-07-28'
  const _meta = { [META.version]: speech, [META.capabilities]: {}, [META.clientInfo]: { name: 'budget', version: '1.0.0' } }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 7, method, params: stateless ? { ...params, _meta } : params })
  const name = target === undefined ? '' : `Mcp-Name: ${target}\r\n`
  const headers = stateless ? `MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: ${method}\r\n${name}` : session
  for (let turn = 0; turn < count; turn += 1) {
    const answer = await connection.post(body, headers)
    if (answer.status !== 200 || (messageOf(answer) as { result?: object }).result === undefined) throw new Error(answer.body)
  }
}

test.run()
