/** One request on its way, and what is expected of its answer. */

import { RemoteFault } from '@oarlock/client'
import { difference, shown } from './difference.ts'
import type { Snapshots } from './snapshot.ts'
import type { Crossing, Traffic } from './traffic.ts'
import { siteOf, Unexpected, type Mismatch } from './unexpected.ts'
import { violationsOf } from './violations.ts'

/** What expectations share: the connection they are about. */
export interface Bench {
  readonly traffic: Traffic
  readonly snapshots: Snapshots
  /** Whether messages are held against the official schemas. */
  readonly validate: boolean
  /** Messages that have been held against them. */
  readonly validated: Set<Crossing>
  /** Remembers an expectation, so that one that nobody awaits is noticed. */
  track(expectation: Tracked): void
}

/** An expectation, as far as whether anybody waits for it. */
export interface Tracked {
  /** What it is about: `tool add`. */
  readonly label: string
  readonly awaited: boolean
}

const LONG_MS = 1_000_000

/** A text that is expected whole, or a pattern. */
export type TextMatch = string | RegExp

/** What a refusal is expected to say. */
export type RefusalMatch = TextMatch | { readonly code?: number; readonly message?: TextMatch; readonly data?: unknown }

type Outcome<R> = { readonly result: R; readonly ms: number } | { readonly error: unknown; readonly ms: number }

interface Check<R> {
  /** `returns 3`: completes the label. */
  readonly title: string
  readonly site: string
  readonly test: (outcome: Outcome<R>) => Mismatch | undefined | Promise<Mismatch | undefined>
}

/**
 * A request that has been sent, to be awaited. Each method adds something that is expected; awaiting it rejects with `Unexpected` at the
 * first that did not come true, or resolves with the result as the protocol has it. Without any, the request is expected to succeed.
 */
export class Expectation<R> implements PromiseLike<R>, Tracked {
  awaited = false
  readonly label: string
  readonly #bench: Bench
  readonly #site: string
  readonly #outcome: Promise<Outcome<R>>
  readonly #checks: Check<R>[] = []
  #refusable = false

  constructor(bench: Bench, label: string, work: () => Promise<R>, opener: (...args: never[]) => unknown) {
    this.#bench = bench
    this.label = label
    this.#site = siteOf(opener)
    const began = performance.now()
    const took = (): number => performance.now() - began
    // The timers of a client keep no process alive, but a test that waits for one of them has to go on.
    const alive = setInterval(() => {}, LONG_MS)
    this.#outcome = bench.traffic
      .for(this, work)
      .then(
        result => ({ result, ms: took() }),
        (error: unknown) => ({ error, ms: took() }),
      )
      .finally(() => clearInterval(alive))
    bench.track(this)
  }

  /** The server refuses the request: answers with a JSON-RPC error, or the connection fails. A text is the message, whole. */
  refused(match?: RefusalMatch): this {
    this.#refusable = true
    return this.add(match === undefined ? 'is refused' : `is refused with ${shown(match)}`, this.refused, outcome => {
      if ('result' in outcome) return { was: 'the server answered it' }
      return match === undefined ? undefined : refusal(match, outcome.error)
    })
  }

  /** Any check of your own on the result. What it throws, or returns as text, is what is wrong. */
  check(test: (result: R) => unknown): this {
    return this.onResult('passes a check', this.check, async result => {
      const found = await test(result)
      return typeof found === 'string' ? { was: found } : found === false ? { was: 'the check said no' } : undefined
    })
  }

  /** The answer comes within so many milliseconds. */
  within(ms: number): this {
    return this.add(`is answered within ${ms} ms`, this.within, outcome =>
      outcome.ms <= ms ? undefined : { was: `it took ${Math.round(outcome.ms)} ms` },
    )
  }

  /** The result is that of the snapshot with this name; `pick` says what of it is compared. */
  snapshot(name: string, pick: (result: R) => unknown = result => this.essence(result)): this {
    return this.onResult(`is as in snapshot ${name}`, this.snapshot, result => this.#bench.snapshots.compare(name, pick(result)))
  }

  // oxlint-disable-next-line unicorn/no-thenable -- it is awaited: that is how it is used
  then<A = R, B = never>(
    done?: ((result: R) => A | PromiseLike<A>) | null,
    failed?: ((cause: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.awaited = true
    return this.#settle().then(done, failed)
  }

  /** What of a result a snapshot holds. Kinds of results that carry passing things leave them out. */
  protected essence(result: R): unknown {
    return result
  }

  /** What is wrong with a result as such, unless `#checks` expect just that. */
  protected flaw(_result: R): Mismatch | undefined {
    return undefined
  }

  /** Adds a check of a result. */
  protected onResult(
    title: string,
    method: (...args: never[]) => unknown,
    test: (result: R) => Mismatch | undefined | Promise<Mismatch | undefined>,
  ): this {
    return this.add(title, method, outcome =>
      'error' in outcome ? { was: `it was refused: ${said(outcome.error)}` } : (this.flaw(outcome.result) ?? test(outcome.result)),
    )
  }

  /** Adds a check. `method` is the caller's, so that the error can point at whoever called it. */
  protected add(title: string, method: (...args: never[]) => unknown, test: Check<R>['test']): this {
    this.#checks.push({ title, site: siteOf(method), test })
    return this
  }

  async #settle(): Promise<R> {
    const outcome = await this.#outcome
    for (const { title, site, test } of this.#checks) {
      const mismatch = await tested(() => test(outcome))
      if (mismatch !== undefined) throw this.#unexpected(`${this.label} ${title}`, mismatch, site)
    }
    if ('error' in outcome && !this.#refusable)
      throw this.#unexpected(`${this.label} is answered`, { was: `it was refused: ${said(outcome.error)}` }, this.#site)
    const flaw = this.#checks.length === 0 && 'result' in outcome ? this.flaw(outcome.result) : undefined
    if (flaw !== undefined) throw this.#unexpected(`${this.label} succeeds`, flaw, this.#site)
    await this.#validate()
    return ('result' in outcome ? outcome.result : undefined) as R
  }

  async #validate(): Promise<void> {
    if (!this.#bench.validate) return
    for (const crossing of this.#bench.traffic.of(this)) {
      if (crossing.side !== 'came' || this.#bench.validated.has(crossing)) continue
      this.#bench.validated.add(crossing)
      const [first, ...more] = await violationsOf(crossing)
      if (first === undefined) continue
      const was = `the answer breaks the official schema\n${[first, ...more].map(each => `    ${each}`).join('\n')}`
      throw this.#unexpected(`${this.label} is answered as the protocol says`, { was }, this.#site)
    }
  }

  #unexpected(expectation: string, mismatch: Mismatch, site: string): Unexpected {
    const crossed = this.#bench.traffic
      .of(this)
      .map(({ side, message }) => `  ${side === 'sent' ? 'sent' : 'came'}  ${cut(brief(message))}`)
    const lines = mismatch.difference ?? ('expected' in mismatch ? difference(mismatch.expected, mismatch.actual) : undefined)
    const shownLines = lines === undefined ? [] : ['', '  - expected  + came', ...lines.split('\n').map(line => `  ${line}`)]
    return new Unexpected([`Expected that ${expectation}, but ${mismatch.was}`, '', ...crossed, ...shownLines].join('\n'), site, mismatch)
  }
}

/** Whether a text is what was expected, and what is wrong if not. */
export function textMismatch(match: TextMatch, text: string, what: string): Mismatch | undefined {
  if (typeof match === 'string') return text === match ? undefined : { was: `${what} is another`, expected: match, actual: text }
  return new RegExp(match.source, match.flags.replace(/[gy]/g, '')).test(text) ? undefined : { was: `${what} is ${shown(text)}` }
}

function refusal(match: RefusalMatch, error: unknown): Mismatch | undefined {
  const message = error instanceof Error ? error.message : String(error)
  if (typeof match === 'string' || match instanceof RegExp) return textMismatch(match, message, 'the message')
  const { code, data } = RemoteFault.is(error) ? error : { code: undefined, data: undefined }
  if (match.code !== undefined && match.code !== code) return { was: `the code is ${code ?? 'none'}: ${message}` }
  if (match.message !== undefined) {
    const mismatch = textMismatch(match.message, message, 'the message')
    if (mismatch !== undefined) return mismatch
  }
  if (match.data === undefined || shown(match.data) === shown(data)) return undefined
  return { was: 'the data is other data', expected: match.data, actual: data }
}

async function tested(test: () => Mismatch | undefined | Promise<Mismatch | undefined>): Promise<Mismatch | undefined> {
  try {
    return await test()
  } catch (cause) {
    // What the test's own assertions throw is theirs to say.
    if (cause instanceof TypeError) throw cause
    return { was: cause instanceof Error ? cause.message : String(cause) }
  }
}

function said(error: unknown): string {
  if (RemoteFault.is(error)) return `${error.message} (${error.code})`
  return error instanceof Error ? error.message : String(error)
}

/** A message without what the protocol has in every `_meta`, which would only stand in the way. */
function brief(message: unknown): string {
  return JSON.stringify(message, (key, value: unknown) => {
    if (key !== '_meta' || typeof value !== 'object' || value === null) return value
    const own = Object.entries(value).filter(([name]) => !name.startsWith('io.modelcontextprotocol/'))
    return own.length === 0 ? undefined : Object.fromEntries(own)
  })
}

function cut(text: string): string {
  return text.length <= 2000 ? text : `${text.slice(0, 2000)}… (${text.length} characters)`
}
