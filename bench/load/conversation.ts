/** One caller's way to ask the same thing again and again, over each transport. */
import { WebSocket } from 'ws'
import { INITIALIZE, INITIALIZED, requestText, wrongWith, type Scenario, type Speech } from '../scenarios.ts'
import type { Contender } from './contender.ts'
import { Connection, messageOf } from './http.ts'

/** Asks once. Resolves to what is wrong with the answer. */
export interface Conversation {
  ask(): Promise<string | undefined>
}

type Open = (contender: Contender, speech: Speech, scenario: Scenario, count: number) => Promise<readonly Conversation[]>

async function http({ port }: Contender, speech: Speech, scenario: Scenario, count: number): Promise<readonly Conversation[]> {
  const many: Conversation[] = []
  for (let index = 0; index < count; index += 1) {
    const connection = await Connection.open(port)
    const headers = speech === '2026-07-28' ? statelessHeaders(scenario) : await sessionHeaders(connection)
    let id = 0
    let known: Known | undefined
    const ask = async (): Promise<string | undefined> => {
      id += 1
      const answer = await connection.post(requestText(scenario, speech, id), headers)
      if (known?.is(answer.body, id) === true) return undefined
      const wrong = wrongWith(messageOf(answer), scenario, id)
      if (wrong === undefined && scenario.constant === true) known = new Known(answer.body, id)
      return wrong
    }
    many.push({ ask })
  }
  return many
}

/** An answer that was found right: one that says the same to another request is right as well. To parse a long one takes longer than to make it. */
class Known {
  readonly #before: string
  readonly #after: string

  constructor(body: string, id: number) {
    const [before = '', ...after] = body.split(`"id":${id}`)
    this.#before = before
    this.#after = after.join(`"id":${id}`)
  }

  is(body: string, id: number): boolean {
    const own = `"id":${id}`
    const after = this.#before.length + own.length
    // Cheap, since the one core that this runs on has to keep a server busy: equal texts are found by comparing memory, and nothing is put together.
    return (
      body.slice(0, this.#before.length) === this.#before && body.slice(after) === this.#after && body.startsWith(own, this.#before.length)
    )
  }
}

function statelessHeaders({ method, target }: Scenario): string {
  return `MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: ${method}\r\n${target === undefined ? '' : `Mcp-Name: ${target}\r\n`}`
}

async function sessionHeaders(connection: Connection): Promise<string> {
  const { head } = await connection.post(INITIALIZE, '')
  const [, session] = /\r\nmcp-session-id: *([^\r]+)/.exec(head) ?? []
  const headers = `MCP-Protocol-Version: 2025-11-25\r\n${session === undefined ? '' : `Mcp-Session-Id: ${session}\r\n`}`
  await connection.post(INITIALIZED, headers)
  return headers
}

/** Correlates answers on one duplex connection. */
class Waiting {
  readonly #waiting = new Map<unknown, (answer: unknown) => void>()
  #lastId = 0

  next(send: (id: number) => void): Promise<{ id: number; answer: unknown }> {
    const id = (this.#lastId += 1)
    return new Promise(resolve => {
      this.#waiting.set(id, answer => resolve({ id, answer }))
      send(id)
    })
  }

  handshake(send: () => void): Promise<unknown> {
    return new Promise(resolve => {
      this.#waiting.set('init', resolve)
      send()
    })
  }

  take(text: string): void {
    const message = JSON.parse(text) as { id?: unknown; method?: string }
    if (message.method !== undefined) return
    this.#waiting.get(message.id)?.(message)
    this.#waiting.delete(message.id)
  }
}

async function stdio({ child }: Contender, speech: Speech, scenario: Scenario, count: number): Promise<readonly Conversation[]> {
  const waiting = new Waiting()
  let rest = ''
  child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) if (line !== '') waiting.take(line)
  })
  if (speech === '2025-11-25') {
    await waiting.handshake(() => child.stdin.write(`${INITIALIZE}\n`))
    child.stdin.write(`${INITIALIZED}\n`)
  }
  const ask = async (): Promise<string | undefined> => {
    const { id, answer } = await waiting.next(id => child.stdin.write(`${requestText(scenario, speech, id)}\n`))
    return wrongWith(answer, scenario, id)
  }
  return Array.from({ length: count }, () => ({ ask }))
}

async function ws({ port }: Contender, speech: Speech, scenario: Scenario, count: number): Promise<readonly Conversation[]> {
  const many: Conversation[] = []
  while (many.length < count) {
    const wave = Array.from({ length: Math.min(100, count - many.length) }, () => socket(port, speech, scenario))
    many.push(...(await Promise.all(wave)))
  }
  return many
}

async function socket(port: number, speech: Speech, scenario: Scenario): Promise<Conversation> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/mcp`, 'mcp', { perMessageDeflate: false })
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const waiting = new Waiting()
  socket.on('message', data => waiting.take((data as Buffer).toString()))
  if (speech === '2025-11-25') {
    await waiting.handshake(() => socket.send(INITIALIZE))
    socket.send(INITIALIZED)
  }
  return {
    async ask() {
      const { id, answer } = await waiting.next(id => socket.send(requestText(scenario, speech, id)))
      return wrongWith(answer, scenario, id)
    },
  }
}

/** The ways, by transport. */
export const Conversations: Readonly<Record<'http' | 'stdio' | 'ws', Open>> = { http, stdio, ws }
