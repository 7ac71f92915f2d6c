/** Questions inside results (DIGEST 3.9): has all of them answered and tries again, until there is a result or the rounds are used up. */

import { Cancelled, excerpt, Fault, isObject, type JsonObject, method as methodAt, type Revision } from '@oarlock/protocol'
import type { Host } from '../connection.ts'
import type { RequestOptions } from '../options.ts'
import type { ServerDescription } from '../server.ts'
import { Asking } from './asking.ts'

/** How long to wait before a server that only wants its state back is asked again. */
const PACE_MS = 250

/** Far more than anybody asks at once. */
const MOST_QUESTIONS = 64

/** One result that needs answers first. */
interface Round {
  readonly questions: readonly (readonly [key: string, question: Question])[]
  /** Handed back as it came, and to this request only. */
  readonly state: string | undefined
}

interface Question {
  readonly method: string
  readonly params: JsonObject | undefined
}

type AnswerEntry = readonly [key: string, result: JsonObject]

/** Sends a request anew with other params. */
export type Retry = (params: JsonObject) => Promise<JsonObject>

/** The rounds of all requests of one connection. Nothing is shared between requests: each follows its own results (C-MRTR-04). */
export class Rounds {
  readonly #host: Host
  readonly #revision: Revision
  readonly #asking = new Set<Asking>()

  constructor(host: Host, revision: Revision) {
    this.#host = host
    this.#revision = revision
  }

  /**
   * Takes a result that is not complete to one that is.
   * @throws Fault `INVALID_REQUEST` for a result that `method` may not have, and after too many rounds; and what the handlers throw
   */
  async follow(
    method: string,
    params: JsonObject | undefined,
    options: RequestOptions,
    first: JsonObject,
    server: ServerDescription | undefined,
    retry: Retry,
  ): Promise<JsonObject> {
    const rounds = options.rounds ?? this.#host.settings.rounds
    let result = first
    for (let round = 1; ; round++) {
      const type = result['resultType']
      if (type === undefined || type === 'complete' || this.#extends(method, type)) return result
      if (type !== 'input_required' || methodAt(method, this.#revision)?.mayAsk !== true) throw foreign(method, type)
      if (rounds === 0) return result
      if (round > rounds) throw new Fault('INVALID_REQUEST', `The server asked ${rounds} times and still did not answer ${method}`)
      const asked = roundOf(result)
      const answers = await this.#answer(method, asked, options, server)
      result = await retry(nextParams(params, asked, answers))
    }
  }

  /** Nobody waits for answers any more. */
  cancel(): void {
    for (const asking of this.#asking) asking.cancel(new Cancelled('The connection is closed'))
  }

  #extends(method: string, type: unknown): boolean {
    return this.#host.settings.extensions.some(({ results }) => results?.[method]?.includes(type as string) === true)
  }

  async #answer(
    method: string,
    { questions }: Round,
    { signal }: RequestOptions,
    server: ServerDescription | undefined,
  ): Promise<readonly AnswerEntry[]> {
    const { answers, settings } = this.#host
    const asking = new Asking(server?.info)
    const answer = async ([key, { method, params }]: Round['questions'][number]): Promise<AnswerEntry> => [
      key,
      await answers.answer(method, params, asking, this.#revision),
    ]
    const work = questions.length === 0 ? pause() : Promise.all(questions.map(answer))
    this.#asking.add(asking)
    try {
      return await asking.during(work, method, settings.clock, settings.maxTimeoutMs, signal)
    } finally {
      this.#asking.delete(asking)
    }
  }
}

/** Not by the clock port: its wake-ups let a process end, and between two tries nothing else may keep it. */
function pause(): Promise<readonly AnswerEntry[]> {
  return new Promise(resolve => setTimeout(() => resolve([]), PACE_MS))
}

function roundOf({ inputRequests, requestState }: JsonObject): Round {
  if (requestState !== undefined && typeof requestState !== 'string') throw broken('requestState must be a string')
  if (inputRequests === undefined && requestState === undefined) throw broken('it has neither inputRequests nor requestState')
  if (inputRequests !== undefined && !isObject(inputRequests)) throw broken('inputRequests must be an object')
  const entries = Object.entries(inputRequests ?? {})
  if (entries.length > MOST_QUESTIONS) throw broken(`it asks more than ${MOST_QUESTIONS} questions at once`)
  return { questions: entries.map(([key, value]) => [key, questionOf(key, value)] as const), state: requestState }
}

function questionOf(key: string, value: unknown): Question {
  const method = isObject(value) ? value['method'] : undefined
  const params = isObject(value) ? value['params'] : undefined
  if (typeof method !== 'string' || (params !== undefined && !isObject(params))) throw broken(`question ${excerpt(key)} is not a request`)
  return { method, params }
}

/** The params of the next try: the original ones with the answers, and the state exactly when there was one (C-MRTR-02, C-MRTR-04). */
function nextParams(params: JsonObject | undefined, { state }: Round, answers: readonly AnswerEntry[]): JsonObject {
  const { inputResponses: _, requestState: __, ...original } = params ?? {}
  return {
    ...original,
    ...(answers.length > 0 && { inputResponses: Object.fromEntries(answers) }),
    ...(state !== undefined && { requestState: state }),
  }
}

function foreign(method: string, type: unknown): Fault {
  return new Fault(
    'INVALID_REQUEST',
    `The server answered ${method} with a result of type ${excerpt(JSON.stringify(type))}, which it may not have`,
  )
}

function broken(what: string): Fault {
  return new Fault('INVALID_REQUEST', `The server sent a malformed input_required result: ${what}`)
}
