/** Answers what servers ask, whichever way the question travelled: checks it, calls the handler, checks what the handler said. */

import {
  type ClientCapabilities,
  type Clock,
  Fault,
  isObject,
  type JsonObject,
  lower,
  type Revision,
  type Root,
  systemClock,
} from '@oarlock/protocol'
import { InvalidAnswer, Rejected } from '../error.ts'
import { contentProblems, formProblem, withDefaults } from './form.ts'
import { checkHandlers, type AnswerHandlers, type AskContext, type FormHandler, type PageHandler, type Sampling } from './handlers.ts'
import { sampledProblem, samplingProblem } from './sampling.ts'

/** The capabilities that handlers amount to, in the words of the newest revision and, for roots, of a session. */
export function capabilitiesOf(handlers: AnswerHandlers): ClientCapabilities {
  const { form, url } = elicitOf(handlers)
  const sampling = samplingOf(handlers)
  return {
    ...(form || url ? { elicitation: { ...(form && { form: {} }), ...(url && { url: {} }) } } : {}),
    ...(sampling && { sampling: { ...(sampling.tools && { tools: {} }), ...(sampling.context && { context: {} }) } }),
    ...(handlers.roots && { roots: { listChanged: true } }),
  }
}

function elicitOf({ elicit }: AnswerHandlers): { readonly form?: FormHandler | undefined; readonly url?: PageHandler | undefined } {
  return typeof elicit === 'function' ? { form: elicit } : (elicit ?? {})
}

function samplingOf({ sample }: AnswerHandlers): Sampling | undefined {
  return typeof sample === 'function' ? { handle: sample } : sample
}

/** The questions of one client. Handlers may be replaced at any time; each question takes those of the moment it arrives. */
export class Answers {
  #handlers: AnswerHandlers
  // Pages that the user was sent to and whose end was not reported yet. Bounded: servers may never report (C-EL-11).
  readonly #pages = new Set<string>()

  readonly #clock: Clock
  /** When the model was asked, within the last minute. */
  readonly #sampled: number[] = []

  constructor(handlers: AnswerHandlers = {}, clock: Clock = systemClock) {
    this.#clock = clock
    this.#handlers = checked(handlers)
  }

  get handlers(): AnswerHandlers {
    return this.#handlers
  }

  /** Replaces the handlers. */
  set handlers(handlers: AnswerHandlers) {
    this.#handlers = checked(handlers)
  }

  /**
   * The result for a question, in the words of `revision`.
   * @throws Fault when the question is refused: `METHOD_NOT_FOUND` for a kind that is not declared, `INVALID_PARAMS` for an undeclared mode
   *   or a malformed question
   * @throws InvalidAnswer when the handler's answer does not fit; and whatever the handler throws
   */
  async answer(method: string, params: JsonObject | undefined, context: AskContext, revision: Revision): Promise<JsonObject> {
    switch (method) {
      case 'elicitation/create':
        return lower(method, await this.#elicitation(params ?? {}, context), revision)
      case 'sampling/createMessage':
        return lower(method, await this.#sample(params ?? {}, context), revision)
      case 'roots/list':
        return lower(method, await this.#roots(context), revision)
      default:
        throw new Fault('METHOD_NOT_FOUND')
    }
  }

  /** Whether the end of this page is news: it was asked for, and not reported before. */
  completes(elicitationId: unknown): elicitationId is string {
    return this.#pages.delete(elicitationId as string)
  }

  /** Remembers that the end of a page may be reported. */
  expectPage(elicitationId: unknown): void {
    if (typeof elicitationId !== 'string') return
    this.#pages.add(elicitationId)
    const [oldest] = this.#pages.size > 1000 ? this.#pages : []
    if (oldest !== undefined) this.#pages.delete(oldest)
  }

  async #elicitation(params: JsonObject, context: AskContext): Promise<JsonObject> {
    const { form, url } = elicitOf(this.#handlers)
    if (form === undefined && url === undefined) throw undeclared('elicitation')
    if (typeof params['message'] !== 'string') throw new Fault('INVALID_PARAMS', 'message must be a string')
    const mode = params['mode'] ?? 'form'
    if (mode === 'form' && form !== undefined) return this.#form(params, form, context)
    if (mode === 'url' && url !== undefined) return this.#page(params, url, context)
    throw new Fault('INVALID_PARAMS', `This client did not declare elicitation mode ${JSON.stringify(mode)}`)
  }

  async #form(params: JsonObject, handler: FormHandler, context: AskContext): Promise<JsonObject> {
    const schema = params['requestedSchema'] as JsonObject
    const malformed = formProblem(schema)
    if (malformed !== undefined) throw new Fault('INVALID_PARAMS', malformed)
    const result = await handler(params as never, context)
    const action = actionOf(result)
    if (action !== 'accept') return { action }
    const content = withDefaults(schema, result.content ?? {})
    const problems = contentProblems(schema, content)
    if (problems.length > 0) throw new InvalidAnswer(`The answer does not fit the form: ${problems.slice(0, 5).join('; ')}`)
    return { action, content }
  }

  async #page(params: JsonObject, handler: PageHandler, context: AskContext): Promise<JsonObject> {
    // Anything but http and https could make an opener run a program (THREATS 12, T17).
    if (typeof params['url'] !== 'string' || !/^https?:\/\/[^\s]+$/i.test(params['url']))
      throw new Fault('INVALID_PARAMS', 'url must be an http or https URL')
    this.expectPage(params['elicitationId'])
    return { action: actionOf(await handler(params as never, context)) }
  }

  async #sample(params: JsonObject, context: AskContext): Promise<JsonObject> {
    const sampling = samplingOf(this.#handlers)
    if (sampling === undefined) throw undeclared('sampling')
    const problem = samplingProblem(params, sampling.tools === true)
    if (problem !== undefined) throw new Fault('INVALID_PARAMS', problem)
    this.#countSample(sampling)
    const request = sampling.approve === undefined ? params : await sampling.approve(params as never, context)
    if (request === false) throw new Rejected()
    // What was edited by consent is not asked of the server again, but it must still be a request.
    const edited = samplingProblem(request, sampling.tools === true)
    if (edited !== undefined) throw new InvalidAnswer(`The approved sampling request is not one: ${edited}`)
    const drafted = await sampling.handle(request as never, context)
    const result: unknown = sampling.review === undefined ? drafted : await sampling.review(drafted, request as never, context)
    if (result === false) throw new Rejected()
    const wrong = sampledProblem(result)
    if (wrong !== undefined) throw new InvalidAnswer(`The answer to a sampling request ${wrong}`)
    return result as JsonObject
  }

  #countSample({ perMinute = 60 }: Sampling): void {
    const now = this.#clock.now()
    while (this.#sampled[0] !== undefined && this.#sampled[0] <= now - 60_000) this.#sampled.shift()
    if (this.#sampled.length >= perMinute) throw new Rejected(`The server asked for more than ${perMinute} samples in a minute`)
    this.#sampled.push(now)
  }

  async #roots(context: AskContext): Promise<JsonObject> {
    const { roots } = this.#handlers
    if (roots === undefined) throw undeclared('roots')
    const list = typeof roots === 'function' ? await roots(context) : roots
    assertRoots(list)
    return { roots: list }
  }
}

function checked(handlers: AnswerHandlers): AnswerHandlers {
  checkHandlers(handlers)
  if (typeof handlers.roots === 'object') assertRoots(handlers.roots)
  return handlers
}

function undeclared(kind: string): Fault {
  return new Fault('METHOD_NOT_FOUND', `This client did not declare ${kind}`)
}

function actionOf(result: unknown): 'accept' | 'decline' | 'cancel' {
  const action = isObject(result) ? result['action'] : undefined
  if (action === 'accept' || action === 'decline' || action === 'cancel') return action
  throw new InvalidAnswer("The answer to an elicitation needs an action: 'accept', 'decline' or 'cancel'")
}

function assertRoots(roots: readonly Root[]): void {
  const wrong = roots.find(root => !root.uri.startsWith('file://'))
  if (wrong !== undefined) throw new InvalidAnswer(`A root must be a file:// URI, not ${wrong.uri}`)
}
