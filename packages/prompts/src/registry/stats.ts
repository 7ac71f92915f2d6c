/** What became of each prompt, version and variant: a fixed number of bytes for each that was ever rendered. */

import { Histogram } from './histogram.ts'

/** The figures of one variant of one version of one prompt since the process started. */
export interface PromptStats {
  readonly name: string
  readonly version: string | undefined
  /** Undefined for a prompt without variants, and for what failed before one was chosen. */
  readonly variant: string | undefined
  /** Renderings that succeeded. */
  readonly renders: number
  /** Renderings that failed: the template, `values`, or the choice of a variant. Arguments that the schema refuses never get this far: the server tells of them by `call.finished`. */
  readonly errors: number
  /** Milliseconds from the checked arguments to the messages, `values` included; percentiles within five percent. */
  readonly latency: { readonly mean: number; readonly p50: number; readonly p95: number; readonly max: number }
  /** Estimate of the tokens of all messages. */
  readonly tokens: { readonly total: number; readonly mean: number }
  /** When it was last rendered, ISO 8601. */
  readonly lastRendered: string | undefined
}

/** What a rendering was of. */
export interface Rendered {
  readonly name: string
  readonly version: string | undefined
  readonly variant: string | undefined
}

/** The figures of a registry. */
export class Tally {
  readonly #rows = new Map<string, Row>()

  rendered(id: string, what: Rendered, ms: number, tokens: number): void {
    const row = this.#row(id, what)
    row.renders += 1
    row.tokens += tokens
    row.last = Date.now()
    row.latency.add(ms)
  }

  failed(id: string, what: Rendered): void {
    this.#row(id, what).errors += 1
  }

  /** Forgets all but these. */
  keep(known: (id: string) => boolean): void {
    for (const id of this.#rows.keys()) if (!known(id)) this.#rows.delete(id)
  }

  /** The figures of all, or of one prompt, sorted by name, version and variant. */
  stats(name?: string): readonly PromptStats[] {
    const ids = [...this.#rows.keys()].sort()
    return ids.map(id => stats(this.#rows.get(id) as Row)).filter(row => name === undefined || row.name === name)
  }

  #row(id: string, what: Rendered): Row {
    const known = this.#rows.get(id)
    if (known !== undefined) return known
    const row: Row = { what, renders: 0, errors: 0, tokens: 0, last: undefined, latency: new Histogram() }
    this.#rows.set(id, row)
    return row
  }
}

interface Row {
  readonly what: Rendered
  renders: number
  errors: number
  tokens: number
  last: number | undefined
  readonly latency: Histogram
}

function stats({ what: { name, version, variant }, renders, errors, tokens, last, latency }: Row): PromptStats {
  return {
    name,
    version,
    variant,
    renders,
    errors,
    latency: { mean: latency.mean, p50: latency.percentile(0.5), p95: latency.percentile(0.95), max: latency.max },
    tokens: { total: tokens, mean: renders === 0 ? 0 : tokens / renders },
    lastRendered: last === undefined ? undefined : new Date(last).toISOString(),
  }
}
