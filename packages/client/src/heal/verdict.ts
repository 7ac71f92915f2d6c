/** What is known of endpoints that this process spoke to: the revision that was agreed on, so that it need not be found out again (C-VER-11). */

import { type Clock, type Connector, type Revision, systemClock } from '@oarlock/protocol'

/** A server that learns a newer revision is asked again after this long. */
const KEPT_MS = 3_600_000
const MOST = 1000

interface Verdict {
  readonly revision: Revision
  readonly until: number
}

/** Verdicts by endpoint. Nothing in it is a secret: targets are told without credentials. */
export class Verdicts {
  readonly #known = new Map<string, Verdict>()
  readonly #clock: Clock

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  get(connector: Connector): Revision | undefined {
    const key = keyOf(connector)
    const verdict = key === undefined ? undefined : this.#known.get(key)
    return verdict !== undefined && verdict.until > this.#clock.now() ? verdict.revision : undefined
  }

  set(connector: Connector, revision: Revision): void {
    const key = keyOf(connector)
    if (key === undefined) return
    this.#known.delete(key)
    this.#known.set(key, { revision, until: this.#clock.now() + KEPT_MS })
    const [oldest] = this.#known.size > MOST ? this.#known.keys() : []
    if (oldest !== undefined) this.#known.delete(oldest)
  }

  /** It was contradicted. */
  forget(connector: Connector): void {
    const key = keyOf(connector)
    if (key !== undefined) this.#known.delete(key)
  }
}

/** In memory every server has the same target, and asking costs nothing. */
function keyOf({ transport, target }: Connector): string | undefined {
  return target === undefined || transport === 'memory' ? undefined : `${transport} ${target}`
}

/** Those of this process. */
export const verdicts = new Verdicts()
