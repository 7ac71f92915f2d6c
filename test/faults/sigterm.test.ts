/** SIGTERM while 40 calls run: all are finished, new ones refused, idle streams ended with their result, and the process is gone with 0 within ten seconds. */
// time limit: 120 s
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Client } from '@oarlock/client'
import { META, numbersOf } from '@oarlock/protocol'
import { wsConnector } from '@oarlock/ws/client'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { start } from '../../packages/cli/test/command.ts'
import { ask, call, modern, openSession, Raw, stream, tool, type Answer, type Events } from '../../packages/http/test/wire.ts'
import { run } from '../chaos/fixture.ts'
import { replies, textOf, type Reply } from './yard.ts'

const test = suite('SIGTERM')

const HELD = fileURLToPath(new URL('fixtures/held.ts', import.meta.url))
const SHUTTING_DOWN = numbersOf('SHUTTING_DOWN').code
const NUMBERS = Array.from({ length: 40 }, (_, n) => n)
const LISTEN = { notifications: { toolsListChanged: true } }

/** The command line serving on the network. */
async function served(flag: '--http' | '--ws'): Promise<{ child: ChildProcess; url: string; exit: Promise<unknown> }> {
  const { child } = start(['run', HELD, flag, '0'])
  const exit = once(child, 'exit')
  let said = ''
  for (;;) {
    const [, url] = /Listening on (\S+)\n/.exec(said) ?? []
    if (url !== undefined) return { child, url, exit }
    said += String((await once(child.stderr as NodeJS.ReadableStream, 'data'))[0])
  }
}

/** Time runs from the signal; that it is enough is for the issue to say. */
async function within10s(exit: Promise<unknown>, since: number): Promise<void> {
  assert.equal(await exit, [0, null])
  assert.ok(performance.now() - since < 10_000, `${performance.now() - since} ms`)
}

/** A request whose last byte waits: it is on its way when the process is told to end. */
function begun(port: number, { headers, body }: { headers: object; body: unknown }): { finish(): Promise<string> } {
  const text = JSON.stringify(body)
  const all = { host: `127.0.0.1:${port}`, 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  const raw = new Raw(port).write(`POST /mcp HTTP/1.1\r\n${lines.join('')}content-length: ${text.length}\r\n\r\n${text.slice(0, -1)}`)
  return { finish: () => raw.write(text.slice(-1)).until(/\r\n\r\n\{.*\}$/s) }
}

interface Talk {
  /** Calls in this conversation, and its stream of news. */
  calls(port: number): Promise<readonly Answer[]>
  news(port: number): Promise<Events>
  one(port: number): Promise<{ headers: Record<string, string>; body: unknown }>
}

let session: Record<string, string> = {}

const TALKS: Readonly<Record<string, Talk>> = {
  '2026-07-28': {
    calls: port => Promise.all(NUMBERS.map(n => ask(port, tool('hold', { n }, n)))),
    news: port => stream(port, modern('subscriptions/listen', LISTEN)),
    one: async () => tool('echo', {}, 99),
  },
  '2025-11-25': {
    calls: port => Promise.all(NUMBERS.map(n => ask(port, { headers: session, body: call('hold', { n }, n) }))),
    news: async port => stream(port, { method: 'GET', headers: { ...(session = await openSession(port)), accept: 'text/event-stream' } }),
    one: async () => ({ headers: session, body: call('echo', {}, 99) }),
  },
}

for (const [revision, talk] of Object.entries(TALKS)) {
  test(`HTTP, ${revision}: 40 calls are finished, others refused, streams ended, exit 0 within 10 s`, async () => {
    const { child, url, exit } = await served('--http')
    const port = Number(new URL(url).port)
    const news = await talk.news(port)
    if (revision === '2026-07-28') assert.is((await news.message()).method, 'notifications/subscriptions/acknowledged')
    const late = begun(port, await talk.one(port))
    const calls = talk.calls(port)
    // Answered behind the forty.
    const { headers, body } = await talk.one(port)
    assert.match((await ask(port, { headers, body })).text, /echoed/)
    const since = performance.now()
    child.kill('SIGTERM')
    if (revision === '2026-07-28') {
      const { id, result } = await news.message()
      assert.equal([id, result.resultType, result._meta[META.subscription]], [1, 'complete', 1])
      assert.is(await news.ended, 'end')
    }
    await refused(port)
    assert.match(await late.finish(), new RegExp(`^HTTP/1.1 503 [^]*"code":${SHUTTING_DOWN},`))
    child.kill('SIGUSR2')
    for (const [n, { status, json, text }] of (await calls).entries()) {
      const answer = json ?? JSON.parse(/^data: (.+)$/m.exec(text)?.[1] ?? '')
      assert.equal([status, answer.id, textOf(answer)], [200, n, `held ${n}`])
    }
    if (revision === '2025-11-25') assert.is(await news.ended, 'end')
    await within10s(exit, since)
  })

  test(`WebSocket, ${revision}: 40 calls are finished, others refused, streams ended, exit 0 within 10 s`, async () => {
    const { child, url, exit } = await served('--ws')
    const port = Number(new URL(url).port)
    const client = await Client.open(wsConnector(url), { revision: revision as '2025-11-25', heal: false })
    const subscription = client.listen({ tools: true })
    await subscription.ready
    const calls = Promise.all(NUMBERS.map(n => client.call('hold', { n })))
    assert.is(await client.call('echo'), 'echoed')
    const since = performance.now()
    child.kill('SIGTERM')
    if (revision === '2026-07-28') for await (const _ of subscription);
    await refused(port)
    const failure: unknown = await client.call('echo').catch((cause: unknown) => cause)
    assert.is((failure as { code: number }).code, SHUTTING_DOWN, String(failure))
    child.kill('SIGUSR2')
    assert.equal(
      await calls,
      NUMBERS.map(n => `held ${n}`),
    )
    await within10s(exit, since)
    await client.close()
  })
}

/** Tries until the port is closed to newcomers: the signal takes its moment to be heard. */
async function refused(port: number): Promise<void> {
  for (;;) {
    const raw = new Raw(port)
    const open = await new Promise<boolean>(resolve => {
      raw.socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    })
    raw.end()
    if (!open) return
  }
}

for (const [name, args] of Object.entries({ 'stdio()': [HELD, 'serve'], 'oarlock run': [] as string[] })) {
  for (const revision of ['2026-07-28', '2025-11-25']) {
    test(`stdio by ${name}, ${revision}: 40 calls are finished, others refused, streams ended, exit 0 within 10 s`, async () => {
      const child =
        args.length > 0 ? spawn(process.execPath, [...run, ...args], { stdio: ['pipe', 'pipe', 'inherit'] }) : start(['run', HELD]).child
      const exit = once(child, 'exit')
      const next = replies(child)
      const say = (message: object): void => void child.stdin?.write(`${JSON.stringify(message)}\n`)
      const calling = (tool: string, id: number): object => {
        const params = { name: tool, arguments: { n: id } }
        return revision === '2026-07-28' ? modern('tools/call', params, id).body : call(tool, { n: id }, id)
      }
      if (revision === '2026-07-28') {
        say(modern('subscriptions/listen', LISTEN, 'news').body)
        assert.is((await next()).method, 'notifications/subscriptions/acknowledged')
      } else {
        const clientInfo = { name: 'x', version: '1' }
        say({ jsonrpc: '2.0', id: 'hi', method: 'initialize', params: { protocolVersion: revision, capabilities: {}, clientInfo } })
        assert.is((await next()).id, 'hi')
        say({ jsonrpc: '2.0', method: 'notifications/initialized' })
      }
      for (const n of NUMBERS) say(calling('hold', n))
      say(calling('echo', 99))
      assert.is((await next()).id, 99)
      const since = performance.now()
      child.kill('SIGTERM')
      if (revision === '2026-07-28') {
        const { id, result } = await next()
        assert.equal([id, (result as { resultType: string }).resultType], ['news', 'complete'])
      }
      let refusal: Reply
      do {
        say(calling('echo', 100))
        refusal = await next()
      } while (refusal.error === undefined)
      assert.equal([refusal.id, refusal.error.code], [100, SHUTTING_DOWN])
      child.kill('SIGUSR2')
      const answers = new Map<unknown, string>()
      while (answers.size < 40) {
        const answer = await next()
        answers.set(answer.id, textOf(answer))
      }
      assert.equal(
        [...answers].toSorted(([a], [b]) => Number(a) - Number(b)),
        NUMBERS.map(n => [n, `held ${n}`]),
      )
      await within10s(exit, since)
    })
  }
}

test.run()
