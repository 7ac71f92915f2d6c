/** One rendering: what it has put out besides text, and what it has left of its limits. */

import type { Context } from '@oarlock/kernel'
import type { ContentBlock, PromptMessage, Role } from '@oarlock/protocol'
import { TemplateFailure } from './failure.ts'
import type { Settings } from './settings.ts'

/** What stands at a mark: a content block of the message around it, or whole messages. */
export type Part =
  | { readonly kind: 'block'; readonly block: ContentBlock }
  | { readonly kind: 'messages'; readonly messages: readonly PromptMessage[] }

const OPEN = '\u{1}'
const CLOSE = '\u{2}'

/**
 * Messages and blocks are kept beside the text; in the text stands only a mark that no value can hold, since it is made from a random number after
 * the values are known. So an argument is text whatever it says.
 */
export class Rendering {
  readonly settings: Settings
  readonly ctx: Context | undefined
  /** The role of the message that is being rendered. */
  role: Role | undefined
  /** How many blocks around this place take text only. */
  textOnly = 0
  readonly #parts: Part[] = []
  #mark: string | undefined
  #messages = 0
  #turns = 0
  #depth = 0
  #assetBytes = 0

  constructor(settings: Settings, ctx: Context | undefined) {
    this.settings = settings
    this.ctx = ctx
  }

  /** Keeps a part and returns the text that stands for it. */
  put(part: Part): string {
    if (this.textOnly > 0) throw new TemplateFailure('nested-message', 'Only text can stand here, not a message or a content block')
    this.#mark ??= `${OPEN}${crypto.randomUUID()}:`
    return `${this.#mark}${this.#parts.push(part) - 1}${CLOSE}`
  }

  /** A text in pieces: strings, and the parts between them. */
  pieces(text: string): readonly (string | Part)[] {
    if (this.#mark === undefined) return [text]
    const [first = '', ...rest] = text.split(this.#mark)
    return [first, ...rest.flatMap(piece => this.#marked(piece))]
  }

  #marked(piece: string): readonly (string | Part)[] {
    const end = piece.indexOf(CLOSE)
    const part = end < 0 ? undefined : this.#parts[Number(piece.slice(0, end))]
    if (part === undefined) throw new TemplateFailure('nested-message', 'A helper changed the text of a message')
    return [part, piece.slice(end + 1)]
  }

  /** Counts messages. */
  speak(count: number): void {
    this.#messages += count
    this.#bound(this.#messages, 'messages', 'messages')
  }

  /** Counts turns of loops, and members of lists that helpers make. */
  turn(count: number): void {
    this.#turns += count
    this.#bound(this.#turns, 'iterations', 'turns of its loops')
  }

  /** Counts bytes of files. */
  show(bytes: number): void {
    this.#assetBytes += bytes
    this.#bound(this.#assetBytes, 'assetBytes', 'bytes of files')
  }

  /** Looks at the length of a text that may grow, and passes it on. */
  measured(text: string): string {
    this.#bound(text.length, 'outputChars', 'characters')
    return text
  }

  /** Runs something one level deeper. */
  nested<T>(run: () => T): T {
    this.#depth += 1
    this.#bound(this.#depth, 'depth', 'levels of partials')
    try {
      return run()
    } finally {
      this.#depth -= 1
    }
  }

  /** Renders what may hold no message and no block. */
  asText(run: () => string): string {
    this.textOnly += 1
    try {
      return this.measured(run())
    } finally {
      this.textOnly -= 1
    }
  }

  #bound(count: number, limit: keyof Settings['limits'], what: string): void {
    const most = this.settings.limits[limit]
    if (count > most) throw new TemplateFailure('limit', `The prompt has more than ${most} ${what} (limits.${limit})`)
  }
}
