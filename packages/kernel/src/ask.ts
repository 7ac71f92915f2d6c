/** Questions to the other side, as values: made by `elicit`, `sample` and `roots`, asked by `ctx.ask` and its shorthands. */

import {
  excerpt,
  Fault,
  isObject,
  type CreateMessageRequestParams,
  type CreateMessageResult,
  type JsonObject,
  type Root,
} from '@oarlock/protocol'
import { checkMessages } from './sampling.ts'
import { elicitForm } from './schema/elicit.ts'
import type { In } from './schema/infer.ts'
import { formatIssues } from './schema/issues.ts'
import type { Schema } from './schema/schema.ts'

/** A form for the user: flat fields of primitive types (DIGEST 3.15). */
export interface ElicitForm<S extends Schema = Schema> {
  readonly message: string
  readonly schema: S
}

/** A page for the user to visit; accepting means consent to open it, nothing more. */
export interface ElicitUrl {
  readonly message: string
  /** Absolute http(s) URL. Carries no personal data and no credentials. */
  readonly url: string
}

/** What the user did with a question. */
export type Elicited<S extends Schema> =
  | { readonly action: 'accept'; readonly content: [S] extends [never] ? undefined : In<S> }
  | { readonly action: 'decline' | 'cancel'; readonly content?: undefined }

/** What can be asked of the other side, for `ctx.can`. Any other text is taken as the id of an extension. */
export type Askable = 'elicit' | 'elicit.url' | 'sample' | 'sample.tools' | 'sample.context' | 'roots' | (string & {})

/** A question. `T` is the type of its answer. */
export interface Ask<T = unknown> {
  /** The protocol's method for it. */
  readonly method: 'elicitation/create' | 'sampling/createMessage' | 'roots/list'
  readonly params: JsonObject | undefined
  /** What the client must have declared. */
  readonly needs: Askable
  /** Reads the client's answer; a Fault when it is not one. */
  read(answer: unknown): T | Promise<T>
}

/** A question to the user, for `ctx.ask`. */
export function elicit<S extends Schema>(form: ElicitForm<S>): Ask<Elicited<S>>
export function elicit(url: ElicitUrl): Ask<Elicited<never>>
export function elicit(question: ElicitForm | ElicitUrl): Ask {
  return 'url' in question ? urlAsk(question) : formAsk(question)
}

/** A question to the client's model, for `ctx.ask`. @throws TypeError for messages in which uses of tools and their results do not fit together */
export function sample(params: CreateMessageRequestParams): Ask<CreateMessageResult> {
  checkMessages(params.messages)
  return {
    method: 'sampling/createMessage',
    params: params,
    needs: params.tools === undefined && params.toolChoice === undefined ? 'sample' : 'sample.tools',
    read: answer => {
      if (
        !isObject(answer) ||
        typeof answer['role'] !== 'string' ||
        answer['content'] === undefined ||
        typeof answer['model'] !== 'string'
      ) {
        throw new Fault('INVALID_PARAMS', 'The answer to sampling/createMessage needs role, content and model')
      }
      return answer as unknown as CreateMessageResult
    },
  }
}

/** A question for the client's roots, for `ctx.ask`. */
export function roots(): Ask<readonly Root[]> {
  return {
    method: 'roots/list',
    params: undefined,
    needs: 'roots',
    read: answer => {
      if (!isObject(answer) || !Array.isArray(answer['roots'])) throw new Fault('INVALID_PARAMS', 'The answer to roots/list needs roots')
      return answer['roots'] as readonly Root[]
    },
  }
}

const ACTIONS: ReadonlySet<unknown> = new Set(['accept', 'decline', 'cancel'])

function formAsk({ message, schema }: ElicitForm): Ask {
  const form = elicitForm(schema)
  return {
    method: 'elicitation/create',
    params: { mode: 'form', message, requestedSchema: form.json },
    needs: 'elicit',
    async read(answer) {
      const action = readAction(answer)
      if (action !== 'accept') return { action }
      const checked = await form.check((answer as JsonObject)['content'] ?? {})
      if (!checked.ok) throw new Fault('INVALID_PARAMS', `The answer does not fit the form: ${formatIssues(checked.issues)}`)
      return { action, content: checked.value }
    },
  }
}

function urlAsk({ message, url }: ElicitUrl): Ask {
  return {
    method: 'elicitation/create',
    params: { mode: 'url', message, url: checkedUrl(url) },
    needs: 'elicit.url',
    read: answer => ({ action: readAction(answer) }),
  }
}

function readAction(answer: unknown): 'accept' | 'decline' | 'cancel' {
  const action: unknown = isObject(answer) ? answer['action'] : undefined
  if (!ACTIONS.has(action)) throw new Fault('INVALID_PARAMS', 'The answer to elicitation/create needs an action: accept, decline or cancel')
  return action as 'accept' | 'decline' | 'cancel'
}

function checkedUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (
    parsed === undefined ||
    (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') ||
    parsed.username !== '' ||
    parsed.password !== ''
  ) {
    throw new TypeError(`elicit: ${JSON.stringify(excerpt(url))} must be an absolute http(s) URL without credentials`)
  }
  return url
}
