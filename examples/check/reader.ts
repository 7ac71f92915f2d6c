/** A connected client as a story sees it, whoever wrote it: requests by the protocol's names, and short forms of what stories do often. */

import assert from 'node:assert/strict'
import type { Client, PromptMessage } from 'oarlock'

/** The requests that our client and the official ones have under one name, with the same params and results. */
export type Requests = Pick<
  Client['raw'],
  'listTools' | 'callTool' | 'listResources' | 'listResourceTemplates' | 'readResource' | 'listPrompts' | 'getPrompt' | 'complete'
>

/** What to hear of. */
export interface Wanted {
  readonly resources?: readonly string[]
  readonly resourceList?: true
  readonly prompts?: true
}

/** Who has heard something: `resourceList`, `prompts`, or the URI of a resource. */
export type Hear = (what: string) => void

/** A client that a package opened. */
export interface Opened {
  readonly requests: Requests
  readonly revision: string | undefined
  /** Resolves once the server has taken it up, to how to stop. */
  follow(wanted: Wanted, hear: Hear): Promise<() => unknown>
  close(): Promise<void>
}

const PATIENCE_MS = 20_000

/** A client in the hands of a story. `await using` closes it. */
export class Reader {
  readonly requests: Requests
  readonly #opened: Opened

  constructor(opened: Opened) {
    this.#opened = opened
    this.requests = opened.requests
  }

  /** Every resource, page by page. */
  async pages(): Promise<readonly (readonly string[])[]> {
    const pages: string[][] = []
    let cursor: string | undefined
    do {
      const page = await this.requests.listResources(cursor === undefined ? {} : { cursor })
      pages.push(page.resources.map(({ uri }) => uri))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    return pages
  }

  /** The URIs of all resources. */
  async uris(): Promise<readonly string[]> {
    return (await this.pages()).flat()
  }

  /** All templates. */
  async templates(): Promise<readonly string[]> {
    const all: string[] = []
    let cursor: string | undefined
    do {
      const page = await this.requests.listResourceTemplates(cursor === undefined ? {} : { cursor })
      all.push(...page.resourceTemplates.map(({ uriTemplate }) => uriTemplate))
      cursor = page.nextCursor
    } while (cursor !== undefined)
    return all
  }

  /** The text of a resource that is one text. */
  async text(uri: string): Promise<string> {
    const { contents } = await this.requests.readResource({ uri })
    assert.equal(contents.length, 1)
    const [content] = contents
    assert.ok(content !== undefined && 'text' in content)
    return content.text
  }

  /** A resource that is a JSON document. */
  async json<T>(uri: string): Promise<T> {
    return JSON.parse(await this.text(uri)) as T
  }

  async prompts(): Promise<readonly string[]> {
    return (await this.requests.listPrompts()).prompts.map(({ name }) => name)
  }

  async prompt(name: string, args: Record<string, string> = {}): Promise<readonly PromptMessage[]> {
    return (await this.requests.getPrompt({ name, arguments: args })).messages
  }

  /** What is suggested for an argument of a prompt, or for a variable of a template, which has braces. */
  async suggested(of: string, name: string, value: string): Promise<readonly string[]> {
    const ref = of.includes('{') ? ({ type: 'ref/resource', uri: of } as const) : ({ type: 'ref/prompt', name: of } as const)
    return (await this.requests.complete({ ref, argument: { name, value } })).completion.values
  }

  /** The text of a tool's answer. @throws AssertionError when the tool failed */
  async call(name: string, args: Record<string, unknown>): Promise<string> {
    const { isError, text } = await this.#called(name, args)
    assert.equal(isError, false, text)
    return text
  }

  /** Why a tool refuses. */
  async refusal(name: string, args: Record<string, unknown>): Promise<string> {
    const { isError, text } = await this.#called(name, args)
    assert.equal(isError, true, text)
    return text
  }

  /** Follows what is wanted, does something, and waits until every one of `told` was heard of. */
  async told(wanted: Wanted, told: readonly string[], work: () => unknown): Promise<void> {
    const waiting = new Set(told)
    const { promise: heard, resolve, reject } = Promise.withResolvers<void>()
    const late = setTimeout(() => reject(new Error(`waited in vain for ${[...waiting].join(', ')}`)), PATIENCE_MS)
    const stop = await this.#opened.follow(wanted, what => {
      waiting.delete(what)
      if (waiting.size === 0) resolve()
    })
    try {
      await work()
      await heard
    } finally {
      clearTimeout(late)
      await stop()
    }
  }

  async #called(name: string, args: Record<string, unknown>): Promise<{ readonly isError: boolean; readonly text: string }> {
    const { isError = false, content } = await this.requests.callTool({ name, arguments: args })
    return { isError, text: content.map(block => (block.type === 'text' ? block.text : '')).join('') }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#opened.close()
  }
}
