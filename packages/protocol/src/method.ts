/** What a revision knows of a method: who sends it, its words, the capability that gates it. Looked up by name, built once. */

import { ClientCapabilities, ServerCapabilities } from './model/capability.ts'
import { REVISIONS, type Revision } from './revision.ts'
import { type Span, spanOf, spans, type Static, type TSchema } from './type.ts'
import { type Gate, type Row, type Side, VOCABULARY } from './vocabulary.ts'

export type { Gate, Side } from './vocabulary.ts'

/** The name of any method of any revision. */
export type MethodName = keyof typeof VOCABULARY

/** The name of a method that is answered. */
export type RequestName = { [M in MethodName]: (typeof VOCABULARY)[M]['result'] extends TSchema ? M : never }[MethodName]

/** The name of a method that is not. */
export type NoticeName = Exclude<MethodName, RequestName>

/** The params of a method, in the words of all revisions. */
export type ParamsOf<M extends MethodName> = Static<(typeof VOCABULARY)[M]['params']>

/** The complete result of a request, in the words of all revisions. */
export type ResultOf<M extends RequestName> = Static<(typeof VOCABULARY)[M]['result']>

/** A request by which a server asks its client something: as a message of its own, or inside a result. */
export type AskName = 'elicitation/create' | 'sampling/createMessage' | 'roots/list'

/** A method as one revision knows it. */
export interface Method {
  readonly name: MethodName
  readonly kind: 'request' | 'notice'
  /** Who sends it as a message in this revision. */
  readonly from: Side | 'both'
  /** Schema of params, in the words of all revisions. */
  readonly params: TSchema
  /** Schema of the complete result; absent for notices. */
  readonly result: TSchema | undefined
  /** The capability without which it must not be used; absent where none is needed or the revision has none for it. */
  readonly gate: Gate | undefined
  /** Whether the server may ask the client before it answers (DIGEST 3.9). */
  readonly mayAsk: boolean
  /** Whether complete results may carry caching hints (DIGEST 3.11). */
  readonly cacheable: boolean
  /** The member of params that `Mcp-Name` repeats (DIGEST 3.7). */
  readonly nameParam: 'name' | 'uri' | undefined
}

const ROWS: ReadonlyMap<string, Row> = new Map(Object.entries(VOCABULARY))
const METHODS = new Map<Revision, ReadonlyMap<string, Method>>()

/** The row of a method in any revision, or nothing for a foreign name. */
export function rowOf(name: string): Row | undefined {
  return ROWS.get(name)
}

/** The method `name` as `revision` sends it over the wire, or nothing: the name is unknown, not yet or no longer a message. */
export function method(name: string, revision: Revision): Method | undefined {
  return methodsAt(revision).get(name)
}

/** The methods that one side sends as messages in `revision`, in the order of the table. */
export function methodsOf(revision: Revision, from: Side): readonly Method[] {
  return [...methodsAt(revision).values()].filter(each => each.from === from || each.from === 'both')
}

/** What a server may ask in `revision`, whichever way it travels. */
export function asksOf(revision: Revision): readonly AskName[] {
  return [...ROWS].filter(([, row]) => row.asked && (at(row.server, revision) || at(row.asked, revision))).map(([name]) => name as AskName)
}

function methodsAt(revision: Revision): ReadonlyMap<string, Method> {
  let methods = METHODS.get(revision)
  if (methods === undefined) {
    methods = new Map([...ROWS].flatMap(([name, row]) => entryAt(name as MethodName, row, revision)))
    METHODS.set(revision, methods)
  }
  return methods
}

function entryAt(name: MethodName, row: Row, revision: Revision): [[string, Method]] | [] {
  const client = at(row.client, revision)
  const server = at(row.server, revision)
  if (!client && !server) return []
  const known: Method = {
    name,
    kind: row.result === undefined ? 'notice' : 'request',
    from: client && server ? 'both' : client ? 'client' : 'server',
    params: row.params,
    result: row.result,
    gate: row.gate !== undefined && knowsCapability(row.gate, revision) ? row.gate : undefined,
    mayAsk: row.mayAsk ?? false,
    cacheable: row.cacheable ?? false,
    nameParam: row.nameParam,
  }
  return [[name, known]]
}

function at(span: Span | undefined, revision: Revision): boolean {
  return span !== undefined && spans(span, revision)
}

/** Whether `revision` has a word for the capability; completion, for one, is older than its capability. */
function knowsCapability({ side, capability }: Gate, revision: Revision): boolean {
  let schema: TSchema | undefined = side === 'client' ? ClientCapabilities : ServerCapabilities
  for (const step of capability.split('.')) {
    schema = (schema as { properties?: Record<string, TSchema> }).properties?.[step]
    if (schema === undefined || !spans(spanOf(schema), revision)) return false
  }
  return true
}

/** Every revision that knows a method as a message of either side, oldest first. */
export function revisionsOf(name: string): readonly Revision[] {
  return REVISIONS.filter(revision => method(name, revision) !== undefined)
}
