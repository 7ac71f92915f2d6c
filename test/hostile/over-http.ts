/** Tries cases over HTTP: each message a request on a socket of its own, written by hand. */
import type { Answer, BytesCase, Headers, Kept, Message, Step, Talk } from './case.ts'
import { httpAnswers, type HttpAnswer } from './http-answer.ts'
import { headersFor, INITIALIZE, REVISION, Worded } from './message.ts'
import type { House } from './process.ts'
import { TOKENS } from './secrets.ts'
import type { StepSeen } from './seen.ts'
import { Tap } from './tap.ts'
import type { Told } from './told.ts'

/** A request as it is written, each header as often as it is given. */
export function written(method: string, path: string, headers: Headers, body?: string | Uint8Array): Buffer {
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map(each => `${name}: ${each}\r\n`),
  )
  const head = `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
  return Buffer.concat([
    Buffer.from(head, Array.from(head).every(each => each <= '\u00ff') ? 'latin1' : 'utf8'),
    Buffer.from((body ?? '') as string),
  ])
}

/** Sessions that the cases share, opened once. */
const sessions = new Map<string, Promise<Headers>>()

export function sessionOn(port: number, talk: Talk, more: Headers = {}): Promise<Headers> {
  const key = JSON.stringify([port, talk, more])
  const open = sessions.get(key) ?? openSession(port, talk, more)
  sessions.set(key, open)
  return open
}

export async function openSession(port: number, talk: Talk, more: Headers = {}): Promise<Headers> {
  const params = { ...INITIALIZE, protocolVersion: REVISION[talk], capabilities: { elicitation: {} } }
  const opened = await posted(port, { ...headersFor('none', undefined), ...more }, { jsonrpc: '2.0', id: 0, method: 'initialize', params })
  const session = { 'mcp-session-id': opened.headers['mcp-session-id'] }
  await posted(port, { ...headersFor(talk, undefined), ...more, ...session }, { jsonrpc: '2.0', method: 'notifications/initialized' })
  return session
}

async function posted(port: number, headers: Headers, message: object): Promise<Answer> {
  const body = JSON.stringify(message)
  const tap = new Tap(port)
  tap.write(written('POST', '/mcp', { host: `127.0.0.1:${port}`, 'content-length': String(Buffer.byteLength(body)), ...headers }, body))
  const [answer] = await firstAnswers(tap, 1)
  tap.leave()
  return answer as Answer
}

async function firstAnswers(tap: Tap, count: number, streams = false): Promise<readonly Answer[]> {
  let found = httpAnswers(tap.received, tap.isClosed)
  const isThere = (): boolean => {
    found = httpAnswers(tap.received, tap.isClosed)
    return tap.isClosed || found.filter(({ complete }) => complete).length >= count || found.some(answer => isStream(answer, streams))
  }
  await tap.until(isThere)
  return found
}

/** Whether it is a stream that goes on: one that is awaited, or a subscription. */
const isStream = ({ headers, complete, messages }: HttpAnswer, awaited: boolean): boolean =>
  !complete &&
  headers['content-type']?.startsWith('text/event-stream') === true &&
  !messages.some(isAnswer) &&
  (awaited || messages.some(({ method }) => method === 'notifications/subscriptions/acknowledged'))

const isAnswer = ({ id, method }: Message): boolean => id !== undefined && method === undefined

/** Sends the steps of a case in order. */
export async function overHttp(house: House, talk: Talk, steps: readonly Step[], told: Told): Promise<StepSeen[]> {
  const seen: StepSeen[] = []
  const open: Tap[] = []
  const kept: Record<string, string> = {}
  for (const step of steps) {
    const { tap, awaited } = await send(house, step.talk ?? talk, step, kept, told)
    open.push(tap)
    if (step.unanswered) continue
    const answers = await firstAnswers(tap, step.expect.answers ?? 1, step.expect.outcome === 'stream' || step.method === 'GET')
    told.heard(tap.received)
    const isOpen =
      answers.some(({ headers }) => headers['content-type']?.startsWith('text/event-stream')) &&
      !answers.some(({ messages }) => messages.some(isAnswer))
    seen.push({ answers, closed: tap.isClosed, open: isOpen, revision: awaited })
    const [first] = answers
    if (first !== undefined && step.keep !== undefined) Object.assign(kept, step.keep(first))
  }
  for (const tap of open) tap.leave()
  return seen
}

async function send(house: House, talk: Talk | 'none', step: Step, kept: Kept, told: Told): Promise<{ tap: Tap; awaited: string }> {
  const port = step.as === undefined ? house.ports.http : house.ports.guarded
  const token: Headers = step.as === undefined ? {} : { authorization: `Bearer ${TOKENS[step.as]}` }
  const body = bodyOf(step, talk, kept)
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  const session = talk === 'none' || talk === 'exchange' ? {} : await sessionOn(port, talk, token)
  const changes = typeof step.headers === 'function' ? step.headers(kept) : step.headers
  const method = step.method ?? 'POST'
  const length = method === 'POST' ? { 'content-length': String(Buffer.byteLength(text ?? '')) } : {}
  const headers = { host: `127.0.0.1:${port}`, ...length, ...headersFor(talk, readable(body)), ...token, ...session, ...changes }
  const bytes = written(method, '/mcp', headers, method === 'POST' ? text : undefined)
  told.said(bytes)
  const tap = new Tap(port)
  tap.write(bytes)
  return { tap, awaited: talk === 'none' ? REVISION.session : REVISION[talk] }
}

/** The value of a body, where headers are to agree with it. */
function readable(body: unknown): unknown {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return body
  try {
    return JSON.parse(body.toString()) as unknown
  } catch {
    return undefined
  }
}

/** What a step sends, in the words of its conversation. */
export function bodyOf({ send: what }: Step, talk: Talk | 'none', kept: Kept): unknown {
  const made = typeof what === 'function' ? (what as (kept: Kept) => unknown)(kept) : what
  return made instanceof Worded ? made.make(talk === 'none' ? 'session' : talk) : made
}

/** Plays the bytes of a case and waits for as many answers as it expects, or for the end. */
export async function bytesOverHttp(house: House, { door, pieces, expect }: BytesCase, told: Told): Promise<StepSeen[]> {
  const tap = new Tap(house.ports[door])
  for (const piece of pieces) if (typeof piece === 'string' || piece instanceof Uint8Array) told.said(piece)
  await tap.play(pieces)
  const wanted = expect.outcome === 'closed' ? Number.POSITIVE_INFINITY : (expect.answers ?? 1)
  const answers = await firstAnswers(tap, wanted)
  told.heard(tap.received)
  const seen = { answers, closed: tap.isClosed, open: answers.some(isStreamOpen), revision: REVISION.exchange }
  tap.leave()
  return [seen]
}

const isStreamOpen = ({ headers, messages }: Answer): boolean =>
  headers['content-type']?.startsWith('text/event-stream') === true && !messages.some(isAnswer)
