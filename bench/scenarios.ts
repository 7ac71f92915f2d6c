/** What is asked in each round, and how an answer is known to be right. */
import { META } from '@oarlock/protocol'
import { DOCUMENT, DOCUMENT_URI, dayText, promptText, TOOLS } from './service.ts'

// Answers of servers are looked into as they come.
// oxlint-disable no-explicit-any

/** Which conversation is held: 2026-07-28 without a session, or 2025-11-25 with one. */
export type Speech = '2026-07-28' | '2025-11-25'

export interface Scenario {
  readonly name: string
  readonly method: string
  /** The value of the `Mcp-Name` header of 2026-07-28. */
  readonly target?: string
  /** Parameters as JSON text without `_meta` and without braces; a tag that is different each time must come back. */
  readonly params: (tag: string) => string
  readonly right: (result: any, tag: string) => boolean
  /** Requests to be made before figures count, and the target as a multiple of the floor. */
  readonly atMost?: number
  /** Fewer connections, where a message is large. */
  readonly connections?: number
  readonly progress?: boolean
  /** Every request has the same result. */
  readonly constant?: boolean
}

const BIG = 'x'.repeat(1_048_576)

const quoted = JSON.stringify

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'echo',
    method: 'tools/call',
    target: 'echo',
    params: tag => `"name":"echo","arguments":{"text":"hello ${tag}"}`,
    right: (result, tag) => result.content[0].text === `hello ${tag}`,
    atMost: 1.3,
  },
  {
    name: 'add, output schema',
    method: 'tools/call',
    target: 'add',
    params: tag => `"name":"add","arguments":{"a":${tag},"b":1}`,
    right: (result, tag) => result.structuredContent.sum === Number(tag) + 1,
    atMost: 1.4,
  },
  {
    name: 'resource, 10 KiB',
    method: 'resources/read',
    target: DOCUMENT_URI,
    params: () => `"uri":${quoted(DOCUMENT_URI)}`,
    right: result => result.contents[0].text === DOCUMENT,
    atMost: 1.3,
  },
  {
    name: 'template',
    method: 'resources/read',
    target: 'note://day/monday',
    params: () => '"uri":"note://day/monday"',
    right: result => result.contents[0].text === dayText('monday'),
    atMost: 1.3,
  },
  {
    name: 'prompt',
    method: 'prompts/get',
    target: 'review',
    params: tag => `"name":"review","arguments":{"code":"f(${tag})"}`,
    right: (result, tag) => result.messages[0].content.text === promptText(`f(${tag})`),
    atMost: 1.3,
  },
  {
    name: 'tools/list, 103 tools',
    method: 'tools/list',
    params: () => '',
    right: result => result.tools.length === TOOLS.length,
    atMost: 0.4,
    constant: true,
  },
  {
    name: 'progress, then the answer (SSE)',
    method: 'tools/call',
    target: 'steps',
    params: () => '"name":"steps","arguments":{}',
    right: result => result.content[0].text === 'done',
    atMost: 1.4,
    progress: true,
  },
  {
    name: 'echo of 1 MiB',
    method: 'tools/call',
    target: 'echo',
    params: () => `"name":"echo","arguments":{"text":"${BIG}"}`,
    right: result => result.content[0].text.length === BIG.length,
    atMost: 1.3,
    connections: 4,
  },
]

/** The scenario of a name. */
export function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find(scenario => scenario.name === name)
  if (found === undefined) throw new Error(`No scenario '${name}': ${SCENARIOS.map(each => each.name).join(', ')}`)
  return found
}

const ENVELOPE = `"${META.version}":"2026-07-28","${META.capabilities}":{},"${META.clientInfo}":{"name":"bench","version":"1.0.0"}`

/** One request as JSON text. */
export function requestText({ method, params, progress }: Scenario, speech: Speech, id: number): string {
  const own = params(String(id))
  const token = progress === true ? `"progressToken":${id}` : ''
  const meta = speech === '2026-07-28' ? [token, ENVELOPE].filter(Boolean).join(',') : token
  const all = [own, meta === '' ? '' : `"_meta":{${meta}}`].filter(Boolean).join(',')
  return `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":{${all}}}`
}

/** Whether an answer is the one to this request. @returns what is wrong with it */
export function wrongWith(answer: any, scenario: Scenario, id: number): string | undefined {
  if (answer?.id !== id) return `id ${String(answer?.id)} instead of ${id}`
  if (answer.result === undefined) return JSON.stringify(answer.error).slice(0, 300)
  try {
    return scenario.right(answer.result, String(id)) ? undefined : `unexpected result ${JSON.stringify(answer.result).slice(0, 300)}`
  } catch (cause) {
    return `unexpected result ${JSON.stringify(answer.result).slice(0, 300)} (${String(cause)})`
  }
}

export const INITIALIZE =
  '{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1.0.0"}}}'
export const INITIALIZED = '{"jsonrpc":"2.0","method":"notifications/initialized"}'
