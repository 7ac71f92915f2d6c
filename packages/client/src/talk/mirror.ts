/** Headers that repeat what a request's body says, for gateways that route by headers (DIGEST 3.7). Only where the transport has headers. */

import {
  encodeHeaderValue,
  excerpt,
  type HeaderParam,
  headerParams,
  isObject,
  type JsonObject,
  NAME_PARAMS,
  paramHeaders,
  type Revision,
} from '@oarlock/protocol'
import { announce, type Events } from '../events.ts'

/** Headers of one message. */
export type Headers = Readonly<Record<string, string>>

/** Mirrors bodies into headers. Learns which tool parameters to mirror from the lists it sees. */
export class HeaderMirror {
  readonly #events: Events
  readonly #revision: Revision
  readonly #byMethod = new Map<string, Headers>()
  readonly #params = new Map<string, readonly HeaderParam[]>()

  constructor(revision: Revision, events: Events) {
    this.#revision = revision
    this.#events = events
  }

  /** The headers of a request or notification. */
  headers(method: string, params: JsonObject | undefined): Headers {
    const fixed = this.#fixed(method)
    const member = NAME_PARAMS.get(method)
    const name = member === undefined ? undefined : params?.[member]
    if (typeof name !== 'string') return fixed
    const mirrored = method === 'tools/call' ? this.#params.get(name) : undefined
    const named = { ...fixed, 'Mcp-Name': encodeHeaderValue(name) }
    return mirrored === undefined ? named : { ...named, ...Object.fromEntries(paramHeaders(mirrored, params?.['arguments'])) }
  }

  /** Whether calls of this tool mirror any parameter. */
  knows(tool: unknown): boolean {
    return this.#params.has(tool as string)
  }

  /**
   * Takes in a page of tools. Comes back without those whose annotations are invalid: they cannot be called over HTTP (C-XH-05). Everything
   * else in the page is left as it is.
   */
  screen(page: JsonObject): JsonObject {
    const tools = page['tools']
    if (!Array.isArray(tools)) return page
    const kept = tools.filter((tool: unknown) => this.#learn(tool))
    return kept.length === tools.length ? page : { ...page, tools: kept }
  }

  #learn(tool: unknown): boolean {
    if (!isObject(tool) || typeof tool['name'] !== 'string') return true
    const { params, problems } = headerParams(tool['inputSchema'])
    if (problems.length > 0) {
      announce(this.#events, 'warning.reported', {
        message: `The tool ${excerpt(tool['name'])} was left out of the list: ${problems.join('; ')}`,
      })
      return false
    }
    if (params.length > 0) this.#params.set(tool['name'], params)
    else this.#params.delete(tool['name'])
    return true
  }

  #fixed(method: string): Headers {
    let headers = this.#byMethod.get(method)
    if (headers === undefined) {
      headers = { 'MCP-Protocol-Version': this.#revision, 'Mcp-Method': method }
      this.#byMethod.set(method, headers)
    }
    return headers
  }
}
