/** Tries cases over connections that carry messages: WebSocket and standard input and output alike. A marker after each step tells what is its own. */
import type { Answer, Message, Step, Talk } from './case.ts'
import { parsed } from './http-answer.ts'
import { ENVELOPE, INITIALIZE, REVISION } from './message.ts'
import { bodyOf } from './over-http.ts'
import type { StepSeen } from './seen.ts'
import type { Told } from './told.ts'

/** A connection that carries messages. */
export interface Line {
  say(message: string | Uint8Array): void
  /** The next message; undefined when there will be none. */
  next(): Promise<string | undefined>
  /** The code of its end, once it ended with one. */
  readonly close?: number | undefined
}

let markers = 0

/** Opens the session that a conversation stands in. */
export async function shakeHands(line: Line, talk: Talk): Promise<void> {
  if (talk === 'exchange') return
  const params = { ...INITIALIZE, protocolVersion: REVISION[talk], capabilities: { elicitation: {} } }
  line.say(JSON.stringify({ jsonrpc: '2.0', id: 'shake', method: 'initialize', params }))
  const [answer] = parsed((await line.next()) ?? '')
  if (answer?.result === undefined) throw new Error(`The handshake failed: ${JSON.stringify(answer)}`)
  line.say(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }))
}

/** Sends the steps of a case in order. */
export async function overLink(line: Line, talk: Talk, steps: readonly Step[], told: Told): Promise<StepSeen[]> {
  const seen: StepSeen[] = []
  const kept: Record<string, string> = {}
  for (const step of steps) {
    const body = bodyOf(step, talk, kept)
    const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    told.said(text)
    line.say(text)
    if (step.unanswered) continue
    const one = await answersOf(line, step, told)
    seen.push({ ...one, revision: REVISION[talk] })
    const [answer] = one.answers
    if (answer !== undefined && step.keep !== undefined) Object.assign(kept, step.keep(answer))
  }
  return seen
}

/** What came before the answer to a marker, and where the step's own answer may be overtaken by that, what came until it is there. */
async function answersOf(line: Line, step: Step, told: Told): Promise<Pick<StepSeen, 'answers' | 'closed' | 'close'>> {
  const { outcome, answers: count = 1 } = step.onLink ?? step.expect
  const marker = `after ${(markers += 1)}`
  line.say(JSON.stringify({ jsonrpc: '2.0', id: marker, method: 'server/discover', params: { _meta: ENVELOPE } }))
  const wanted = outcome === 'silence' || outcome === 'closed' ? 0 : count
  const answers: Answer[] = []
  let isMarked = false
  while (!isMarked || settled(answers) < wanted || outcome === 'closed') {
    const text = await line.next()
    if (text === undefined) return { answers, closed: true, ...(line.close === undefined ? {} : { close: line.close }) }
    const messages = parsed(text)
    if (messages.some(({ id }) => id === marker)) {
      isMarked = true
      continue
    }
    told.heard(text)
    answers.push({ headers: {}, text, messages })
  }
  return { answers, closed: false }
}

/** How many of them are no mere notices: a stream says that it begins by one. */
const settled = (answers: readonly Answer[]): number =>
  answers.filter(({ messages }) => messages.some(isSettled) || messages.length === 0).length

const isSettled = ({ id, method, error }: Message): boolean =>
  id !== undefined || error !== undefined || method === 'notifications/subscriptions/acknowledged'
