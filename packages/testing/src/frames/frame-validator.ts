/** Checks frames against the official schema of their revision: whatever our server or client sends in any test has to pass. */
import { atLeast, lower, lowerParams, method, REVISIONS, rowOf, type Revision } from '@oarlock/protocol'
import { Definitions } from './definitions.ts'
import { officialMessages } from './official.ts'

/** What is known of a frame beside its text. */
export interface FrameContext {
  /** The method of the request that a reply answers. Without it only the reply's envelope can be checked. */
  readonly method?: string
}

/** Says what is wrong with a frame; an empty list for a good one. */
export type FrameValidator = (frame: unknown, context?: FrameContext) => string[]

const VALIDATORS = new Map<Revision, FrameValidator>()

/** The validator of a revision. Compiled once, definitions on first use. */
export function frameValidator(revision: Revision): FrameValidator {
  let validator = VALIDATORS.get(revision)
  if (validator === undefined) VALIDATORS.set(revision, (validator = new Frames(revision).check))
  return validator
}

type Json = Record<string, unknown>

class Frames {
  readonly #revision: Revision
  readonly #definitions: Definitions
  readonly #messages: ReadonlyMap<string, string>
  /** Error definitions that fix their code, by code. */
  readonly #errors: ReadonlyMap<number, string>

  constructor(revision: Revision) {
    this.#revision = revision
    this.#definitions = new Definitions(revision)
    this.#messages = officialMessages(revision)
    this.#errors = new Map(
      Object.entries(this.#definitions.all).flatMap(([name, { properties }]) => {
        const code = properties?.['error']?.allOf?.find(part => part.properties?.['code'])?.properties?.['code']?.const
        return typeof code === 'number' ? [[code, name] as const] : []
      }),
    )
  }

  check: FrameValidator = (frame, context) => {
    if (Array.isArray(frame)) return this.#batch(frame, context)
    if (typeof frame !== 'object' || frame === null) return ['a message is an object']
    const message = frame as Json
    if (typeof message['method'] === 'string') return this.#call(message, message['method'])
    if (message['error'] !== undefined) return this.#failure(message)
    return this.#success(message, context?.method)
  }

  #batch(frames: readonly unknown[], context: FrameContext | undefined): string[] {
    const { all } = this.#definitions
    if (!('JSONRPCBatchRequest' in all)) return [`${this.#revision} has no batches`]
    if (frames.length === 0) return ['a batch is not empty']
    return frames.flatMap((frame, index) => this.check(frame, context).map(violation => `[${index}] ${violation}`))
  }

  #call(message: Json, name: string): string[] {
    const kind = 'id' in message ? 'request' : 'notice'
    const envelope = this.#definitions.violations(kind === 'request' ? 'JSONRPCRequest' : 'JSONRPCNotification', message)
    const row = rowOf(name)
    if (row === undefined) return envelope
    const known = method(name, this.#revision)
    if (known === undefined) return [...envelope, `${this.#revision} has no message ${name}`]
    if (known.kind !== kind) return [...envelope, `${name} is a ${known.kind}`]
    const definition = this.#messages.get(name)
    const params = message['params'] as object | undefined
    return [
      ...envelope,
      ...(definition === undefined ? [`the official schema has no ${name}`] : this.#definitions.violations(definition, message)),
      ...(params === undefined || lowerParams(name, params, this.#revision) === params
        ? []
        : [`${name}: params hold words of another revision`]),
    ]
  }

  #failure(message: Json): string[] {
    const code = (message['error'] as Json)['code']
    const definition =
      (typeof code === 'number' ? this.#errors.get(code) : undefined) ?? this.#either('JSONRPCErrorResponse', 'JSONRPCError')
    // JSON-RPC answers what it could not read with a null id. The schemas before 2025-11-25 have no word for that case; we follow JSON-RPC.
    const unreadable = message['id'] === null && !atLeast(this.#revision, '2025-11-25')
    const violations = this.#definitions.violations(definition, unreadable ? { ...message, id: 0 } : message)
    return typeof code === 'number' && this.#misusedCode(code) ? [...violations, `${this.#revision} must not send ${code}`] : violations
  }

  /** S-MSG-15 and S-MSG-16: codes reserved to the specification, and two of older revisions. */
  #misusedCode(code: number): boolean {
    if (!atLeast(this.#revision, '2026-07-28')) return code === -32042 && this.#revision !== '2025-11-25'
    return code === -32002 || code === -32042 || (code >= -32099 && code <= -32020 && !this.#errors.has(code))
  }

  #success(message: Json, name: string | undefined): string[] {
    const envelope = this.#definitions.violations(this.#either('JSONRPCResultResponse', 'JSONRPCResponse'), message)
    const result = message['result']
    if (name === undefined || typeof result !== 'object' || result === null) return envelope
    return [...envelope, ...this.#result(name, result as Json)]
  }

  #result(name: string, result: Json): string[] {
    const row = rowOf(name)
    if (row === undefined) return []
    const resultType = result['resultType']
    if (resultType === 'input_required' && row.mayAsk !== true) return [`${name} is not answered with a question`]
    if (resultType !== undefined && resultType !== 'input_required' && resultType !== 'complete') return []
    const definition = resultType === 'input_required' ? 'InputRequiredResult' : this.#resultDefinition(name)
    const violations = definition === undefined ? [] : this.#definitions.violations(definition, result)
    const lowered = lower(name, result, this.#revision) === result
    return lowered ? violations : [...violations, `the result of ${name} holds words of another revision`]
  }

  #resultDefinition(name: string): string | undefined {
    const definition = this.#messages.get(name)?.replace(/Request$/, 'Result')
    return definition !== undefined && definition in this.#definitions.all ? definition : undefined
  }

  #either(newer: string, older: string): string {
    return newer in this.#definitions.all ? newer : older
  }
}

/** A validator for each revision. */
export const frameValidators: ReadonlyMap<Revision, FrameValidator> = new Map(
  REVISIONS.map(revision => [revision, frameValidator(revision)]),
)
