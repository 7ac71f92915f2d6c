/** Judges what came of a case: code, status, time, size, and that nothing of the inside of the server was told. */
import * as assert from 'uvu/assert'
import { frameValidator } from '../oracle/frame-validator.ts'
import { MOST, type Answer, type ByTalk, type Case, type Expected, type Message, type Step, type Talk, type Way } from './case.ts'
import { SECRETS } from './secrets.ts'
import type { Seen, StepSeen } from './seen.ts'

/** Longest time in milliseconds unless a case has its own: an age for what is refused, and still short on a busy machine. */
const WITHIN = 10_000

/** What a case is judged by. */
export function judge(each: Case, way: Way | undefined, seen: Seen): void {
  const talk: Talk = way === undefined ? 'exchange' : (way.split(' ')[1] as Talk)
  const isLink = way !== undefined && !way.startsWith('http')
  const expected =
    each.kind === 'talk' ? each.steps.filter(step => step.unanswered === undefined).map(step => expectedOf(step, isLink)) : [each.expect]
  assert.is(seen.steps.length, expected.length, 'every step was taken')
  for (const [index, step] of seen.steps.entries()) judgeStep(step, expected[index] as Expected, talk, isLink)
  assert.ok(seen.took <= (each.within ?? WITHIN), `it took ${Math.round(seen.took)} ms`)
  assert.ok(Buffer.byteLength(seen.received) <= (each.size ?? MOST), `${Buffer.byteLength(seen.received)} bytes came back`)
  judgeLeaks(seen)
}

const expectedOf = (step: Step, isLink: boolean): Expected => (isLink ? (step.onLink ?? step.expect) : step.expect)

function judgeStep(seen: StepSeen, expected: Expected, talk: Talk, isLink: boolean): void {
  const { answers } = seen
  const told = `${JSON.stringify(answers).slice(0, 600)}${seen.closed ? ' and the end' : ''}${seen.close === undefined ? '' : ` (${seen.close})`}`
  if (expected.close !== undefined)
    assert.ok([expected.close].flat().includes(seen.close as number), `closes with ${String(expected.close)}: ${told}`)
  if (expected.outcome === 'closed')
    return assert.ok(seen.closed && answers.length === 0 && seen.open !== true, `ends without an answer: ${told}`)
  if (!isLink && expected.status !== undefined) {
    const statuses = [of(expected.status, talk)].flat()
    const [first] = answers
    if (first?.status !== undefined || statuses.length === 0)
      assert.ok(statuses.includes(first?.status as number), `status ${String(statuses)}: ${told}`)
    else assert.ok(expected.close !== undefined || seen.close !== undefined || first !== undefined, `some answer: ${told}`)
  }
  judgeOutcome(seen, expected, talk, isLink, told)
  for (const answer of answers) judgeFrames(answer, seen.revision)
}

function judgeOutcome(seen: StepSeen, expected: Expected, talk: Talk, isLink: boolean, told: string): void {
  const { answers } = seen
  const messages = answers.flatMap(answer => answer.messages)
  const replies = messages.filter(({ method }) => method === undefined)
  switch (expected.outcome) {
    case 'silence':
      assert.ok(isLink ? answers.length === 0 : answers.length === 1 && answers[0]?.text === '', `silence: ${told}`)
      break
    case 'stream':
      assert.ok(isLink ? messages.some(({ method }) => method !== undefined) : seen.open === true, `a stream: ${told}`)
      break
    case 'served':
    case 'failed':
      assert.ok(
        replies.length === (expected.answers ?? 1) && replies.every(({ result }) => result !== undefined),
        `${expected.outcome}: ${told}`,
      )
      assert.is(
        replies.some(({ result }) => result?.['isError'] === true),
        expected.outcome === 'failed',
        told,
      )
      break
    case 'answered':
      assert.ok(replies.length > 0 || seen.open === true, `an answer: ${told}`)
      break
    case 'refused':
      judgeRefusal(replies, answers, expected, talk, told)
  }
  if (expected.id !== undefined) for (const { id } of replies) assert.is(id ?? null, expected.id, `the id: ${told}`)
  if (expected.says !== undefined) assert.match(answers.map(({ text }) => text).join('\n'), expected.says)
}

function judgeRefusal(replies: readonly Message[], answers: readonly Answer[], expected: Expected, talk: Talk, told: string): void {
  assert.is(answers.length, expected.answers ?? 1, `one answer: ${told}`)
  if (expected.code === undefined)
    return assert.ok(
      replies.every(({ result }) => result === undefined),
      told,
    )
  const codes = [of(expected.code, talk)].flat()
  assert.ok(replies.length > 0 && replies.every(({ error }) => codes.includes(error?.code as number)), `code ${String(codes)}: ${told}`)
  for (const { error } of replies) assert.ok((error?.message ?? '').length > 5, `it says what is wrong: ${told}`)
}

const of = <T extends number | readonly number[]>(value: ByTalk<T>, talk: Talk): T =>
  typeof value === 'number' || Array.isArray(value) ? (value as T) : (value as Readonly<Record<Talk, T>>)[talk]

/** What the official schema of the revision says of each error. An unreadable id is null before 2025-11-25. */
function judgeFrames({ messages }: Answer, revision: string): void {
  for (const message of messages) {
    if (message.error === undefined) continue
    const validate = frameValidator((message.id === null ? '2025-06-18' : revision) as Parameters<typeof frameValidator>[0])
    if (message.id !== null || revision !== '2025-03-26') assert.equal(validate(message), [], JSON.stringify(message).slice(0, 500))
  }
}

/** What only the inside of the server knows. Where it was sent by the case itself it is an echo. */
const INSIDE: readonly RegExp[] = [
  ...SECRETS.map(secret => new RegExp(secret)),
  /\n\s+at |\\n\s+at /,
  /node:[a-z]/,
  /\.[cm]?[jt]s:\d/,
  /node_modules|\/packages\/|hostile\/house/,
  /(?:Type|Range|Reference|Syntax)Error|ERR_[A-Z]|E(?:CONN|PIPE|NOENT)|HPE_/,
  /Unexpected (?:token|end)|Cannot (?:read|convert|set)|is not (?:a function|iterable|defined)|Maximum call stack/,
  /\[object |\bundefined\b|\bNaN\b/,
]

function judgeLeaks({ sent, received }: Seen): void {
  for (const pattern of INSIDE) {
    const found = pattern.exec(received)?.[0]
    assert.ok(found === undefined || sent.includes(found), `tells of its inside: ${JSON.stringify(found)} in ${received.slice(0, 500)}`)
  }
}
