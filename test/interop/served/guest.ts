/** An official client as the stories see it: what both SDKs have in common, and everything it heard from our server. */
import type { Revision } from '@oarlock/protocol'
import { patiently } from './patience.ts'
import type { Tap } from './tap.ts'

// The two SDKs type the same results in two ways; a test asserts values, not types.
export type Loose = Record<string, any>

/** What the user and the model of this client say. A story may change it. */
export interface Answers {
  elicit(params: Loose): Loose
  sample(params: Loose): Loose
  roots: Loose[]
}

/** Methods that the clients of both SDKs have under one name. */
export interface SdkClient {
  getServerVersion(): Loose | undefined
  getServerCapabilities(): Loose | undefined
  getInstructions(): string | undefined
  ping(): Promise<unknown>
  listTools(params?: Loose): Promise<Loose>
  listResources(params?: Loose): Promise<Loose>
  listResourceTemplates(params?: Loose): Promise<Loose>
  readResource(params: Loose): Promise<Loose>
  subscribeResource(params: Loose): Promise<unknown>
  unsubscribeResource(params: Loose): Promise<unknown>
  listPrompts(params?: Loose): Promise<Loose>
  getPrompt(params: Loose): Promise<Loose>
  complete(params: Loose): Promise<Loose>
  setLoggingLevel(level: string): Promise<unknown>
  sendRootsListChanged(): Promise<void>
  close(): Promise<void>
}

/** Options of a call that both SDKs have. */
export interface CallOptions {
  readonly signal?: AbortSignal
  readonly timeout?: number
  readonly onprogress?: (progress: Loose) => void
}

/** A stream of news in 2026-07-28. */
export interface Subscription {
  readonly honoredFilter: Loose
  readonly closed: Promise<string>
  close(): Promise<void>
}

/** A connected client. */
export interface Guest {
  readonly sdk: 'v1' | 'v2'
  readonly revision: Revision
  readonly client: SdkClient
  readonly answers: Answers
  /** Notifications that the SDK handed to its handlers. */
  readonly news: News
  /** The wire beneath it. */
  readonly tap: Tap
  /** What the SDK reported as gone wrong. */
  readonly errors: Error[]
  call(name: string, args?: Loose, options?: CallOptions & { readonly meta?: Loose }): Promise<Loose>
  /** 2026-07-28 only. */
  listen?(filter: Loose): Promise<Subscription>
}

/** The notifications that reached handlers, in order. */
export class News {
  readonly all: Loose[] = []
  #waiting: (() => void)[] = []

  add(notification: Loose): void {
    this.all.push(notification)
    for (const wake of this.#waiting.splice(0)) wake()
  }

  of(method: string): Loose[] {
    return this.all.filter(each => each['method'] === method).map(({ params }) => params as Loose)
  }

  /** The params of the first notification that passes, come already or still to come. */
  async until(method: string, test: (params: Loose) => boolean = () => true): Promise<Loose> {
    for (;;) {
      const found = this.all.find(each => each['method'] === method && test((each['params'] ?? {}) as Loose))
      if (found !== undefined) return (found['params'] ?? {}) as Loose
      await patiently(new Promise<void>(resolve => void this.#waiting.push(resolve)), method)
    }
  }
}

/** Notifications that a server may send and an application may want. */
export const NEWS = [
  'notifications/tools/list_changed',
  'notifications/resources/list_changed',
  'notifications/prompts/list_changed',
  'notifications/resources/updated',
  'notifications/message',
  'notifications/elicitation/complete',
] as const

/** A user who accepts, a model that greets, one root. */
export function agreeable(): Answers {
  return {
    elicit: ({ mode }) => (mode === 'url' ? { action: 'accept' } : { action: 'accept', content: { name: 'Ada', age: 36 } }),
    sample: ({ maxTokens }) => ({
      role: 'assistant',
      content: { type: 'text', text: `hi in ${maxTokens} tokens` },
      model: 'test-model',
      stopReason: 'endTurn',
    }),
    roots: [{ uri: 'file:///work', name: 'work' }],
  }
}

/** How a client is made. */
export interface GuestOptions {
  /** All when absent. */
  readonly capabilities?: object
  /** Is told the names of all tools whenever they change: the SDK's own way to follow a list. */
  readonly onTools?: (names: readonly string[]) => void
}

/** The options of both SDKs for `onTools`, with or without. */
export function followingTools(onTools: GuestOptions['onTools']): Loose {
  if (onTools === undefined) return {}
  const onChanged = (error: Error | null, tools: readonly Loose[] | null): void => {
    if (error !== null) throw error
    onTools((tools ?? []).map(({ name }) => name as string))
  }
  return { listChanged: { tools: { debounceMs: 0, onChanged } } }
}

/** What a client declares that can answer everything. */
export const CAPABILITIES = { elicitation: { form: {}, url: {} }, sampling: { tools: {} }, roots: { listChanged: true } }

/** The text of a call's result. */
export function textOf(result: Loose): string {
  return (result['content'] as Loose[]).map(({ text }) => String(text)).join('')
}

/** Asks the server what it saw until it has seen `what`. Each question is a round trip, so nothing is waited for but the server. */
export function happened(guest: Guest, key: string, what: string): Promise<void> {
  return asking(async () => textOf(await guest.call('happened', { key })).includes(what), what)
}

/** Asks until the answer is yes. */
export async function asking(question: () => Promise<boolean> | boolean, what: string): Promise<void> {
  let given = false
  const until = async (): Promise<void> => {
    while (!given && !(await question())) await new Promise(resolve => void setImmediate(resolve))
  }
  await patiently(until(), what).finally(() => {
    given = true
  })
}

/** The error a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<Error & Loose> {
  try {
    await promise
  } catch (cause) {
    return cause as Error & Loose
  }
  throw new Error('It should have been rejected')
}

let keys = 0
/** A word that no other story uses. */
export function newKey(): string {
  return `k${++keys}x${process.pid}`
}
