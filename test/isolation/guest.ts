/** A client that knows what is its own, and writes down every word that is not. */
import { connect, ToolFailed, type Client, type Progress } from 'oarlock'
import { Cancelled, type Connector, type Revision } from '@oarlock/protocol'
import * as assert from 'uvu/assert'
import { kindOf, markOf, newsOf, totalOf } from './crowd.ts'

/** Calls under way at once: of all clients together not more than wait at the door of a listener whose machine is busy. */
const AT_ONCE = 8

export interface GuestOptions {
  readonly who: string
  readonly revision: Revision
  readonly calls: number
  /** A whole number below the bound. */
  readonly below: (bound: number) => number
  /** What was heard and was somebody else's. */
  readonly foreign: string[]
}

export class Guest {
  readonly #options: GuestOptions
  readonly #client: Client
  /** What was heard by the log, in order. */
  readonly #logged = new Set<unknown>()
  cancelled = 0

  static async open(target: Connector | { command: string; args: string[] }, options: GuestOptions): Promise<Guest> {
    const { who, revision, foreign } = options
    const mine = (text: string, how: string): void => {
      if (text !== who && !text.startsWith(`${who} `)) foreign.push(`${who} ${how}: ${text}`)
    }
    const client = await connect(target, {
      revision,
      heal: false,
      logLevel: 'info',
      answers: {
        sample: ({ messages }) => {
          const { text } = messages[0]!.content as { text: string }
          mine(text, 'was to sample')
          return { role: 'assistant', content: { type: 'text', text: 'sampled' }, model: `${who} sampled for ${text}` }
        },
        elicit: ({ message }) => {
          mine(message, 'was asked')
          return { action: 'accept', content: { name: `${who} said for ${message}` } }
        },
        roots: [{ uri: `file:///${who}`, name: `${who} keeps this` }],
      },
    })
    return new Guest(client, options, mine)
  }

  constructor(client: Client, options: GuestOptions, mine: (text: string, how: string) => void) {
    this.#client = client
    this.#options = options
    client.on('log.received', ({ data }) => {
      const { mark } = data as { mark: string }
      mine(mark, 'heard by the log')
      this.#logged.add(mark)
    })
    const first = totalOf(options.who, 0)
    client.on('progress.received', ({ message, total = 0 }) => {
      if (message !== undefined) mine(message, 'heard of progress')
      if (total < first || total >= first + options.calls) options.foreign.push(`${options.who} heard of progress to ${total}`)
    })
    client.on('resource.updated', ({ uri }) => mine(uri.replace('guest://', ''), 'heard news'))
  }

  /** Makes all calls, some at once; each answer, and everything heard with it, must be of that call. */
  async work(): Promise<void> {
    const { who, calls } = this.#options
    const news = this.#client.listen({ resources: [newsOf(who)] })
    await news.ready
    const heard = this.#first(news)
    let next = 0
    const worker = async () => {
      while (next < calls) await this.#call(next++)
    }
    await Promise.all(Array.from({ length: AT_ONCE }, worker))
    await heard
    news.close()
  }

  close(): Promise<void> {
    return this.#client.close()
  }

  async #first(news: AsyncIterable<{ readonly kind: string; readonly uri?: string }>): Promise<void> {
    const { who } = this.#options
    for await (const each of news) {
      assert.equal([each.kind, each.uri], ['resource', newsOf(who)])
      return
    }
  }

  async #call(call: number): Promise<void> {
    const { who, foreign } = this.#options
    const mark = markOf(who, call)
    const onProgress = ({ message = mark, total }: Progress): void => {
      if (message !== mark || total !== totalOf(who, call)) foreign.push(`${mark} heard of progress: ${message} ${total}`)
    }
    const told = await this.#outcome(call, onProgress)
    if (told === undefined) {
      this.cancelled += 1
      return
    }
    assert.is(told, this.#expected(call))
    assert.ok(this.#logged.has(mark), `${mark} was logged before it was answered`)
  }

  /** What came back; undefined when it was cancelled. */
  async #outcome(call: number, onProgress: (progress: Progress) => void): Promise<unknown> {
    const { who, below } = this.#options
    const control = new AbortController()
    const timer = kindOf(call) === 'slow' ? setTimeout(() => control.abort(), below(20)) : undefined
    try {
      return await this.#client.call('work', { who, call }, { onProgress, signal: control.signal })
    } catch (error) {
      if (Cancelled.is(error)) return undefined
      if (!ToolFailed.is(error)) throw error
      return error.message
    } finally {
      clearTimeout(timer)
    }
  }

  #expected(call: number): string {
    const { who, revision } = this.#options
    const mark = markOf(who, call)
    switch (kindOf(call)) {
      case 'sample':
        return `${mark} ${who} sampled for ${mark}`
      case 'elicit':
        return revision < '2025-06-18' ? mark : `${mark} ${who} said for ${mark}`
      case 'roots':
        return `${mark} ${who} keeps this`
      default:
        return mark
    }
  }
}
