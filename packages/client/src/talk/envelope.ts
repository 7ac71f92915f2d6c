/** The members of `_meta` that every stateless request carries, as text that is made once and spliced into each (DIGEST 3.2). */

import { type ClientCapabilities, type Implementation, lowerParams, type LoggingLevel, META, type Revision } from '@oarlock/protocol'

/** Who asks, in which revision, with which capabilities, and how talkative the server may be. */
export class EnvelopeText {
  readonly #revision: Revision
  readonly #info: Implementation
  #capabilities: ClientCapabilities
  #logLevel: LoggingLevel | undefined
  #text: string

  constructor(revision: Revision, info: Implementation, capabilities: ClientCapabilities) {
    this.#revision = revision
    this.#info = info
    this.#capabilities = capabilities
    this.#text = this.#write()
  }

  /** The members, without braces. */
  get text(): string {
    return this.#text
  }

  set capabilities(capabilities: ClientCapabilities) {
    this.#capabilities = capabilities
    this.#text = this.#write()
  }

  set logLevel(level: LoggingLevel) {
    this.#logLevel = level
    this.#text = this.#write()
  }

  #write(): string {
    const meta = {
      [META.version]: this.#revision,
      [META.capabilities]: this.#capabilities,
      [META.clientInfo]: this.#info,
      ...(this.#logLevel !== undefined && { [META.logLevel]: this.#logLevel }),
    }
    return JSON.stringify(lowerParams('server/discover', { _meta: meta }, this.#revision)._meta).slice(1, -1)
  }
}
