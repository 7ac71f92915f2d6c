/** One switch that ends a piece of work, with an AbortSignal that is made only for those who read it. */

/** Ends one piece of work. Cheap to make: the AbortController behind `signal` appears on first use (SPEED: it costs more than the rest). */
export class Cancellation {
  #cancelled = false
  #ended = false
  #reason: unknown
  #controller: AbortController | undefined
  #listeners: (() => void)[] | undefined

  /** Whether `cancel` was called. */
  get cancelled(): boolean {
    return this.#cancelled
  }

  /** What `cancel` was given. */
  get reason(): unknown {
    return this.#reason
  }

  /** Aborts with the reason when the work is cancelled. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController()
    if (this.#ended) this.#controller.abort(this.#reason)
    return this.#controller.signal
  }

  /** Calls `listener` once, when cancelled; at once if that already happened. */
  onCancel(listener: () => void): void {
    if (this.#cancelled) listener()
    else (this.#listeners ??= []).push(listener)
  }

  /** Ends the work. Only the first call counts. */
  cancel(reason: unknown): void {
    if (this.#cancelled) return
    this.#cancelled = true
    this.expire(reason)
    const listeners = this.#listeners
    this.#listeners = undefined
    if (listeners !== undefined) for (const listener of listeners) listener()
  }

  /** Tells the work to stop though its answer is still wanted: `signal` aborts, `cancelled` stays false. Time ran out, the server closes. */
  expire(reason: unknown): void {
    if (this.#ended) return
    this.#ended = true
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}
