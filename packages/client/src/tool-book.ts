/** What the server said of its tools, as far as this client has seen their list. */

import { isObject, type JsonObject } from '@oarlock/protocol'

/** Far more tools than any model is shown. What comes later in a list is called without being known. */
const MOST = 10_000

/** One tool. */
export interface KnownTool {
  readonly outputSchema: JsonObject | undefined
  /** The server says that calling it twice does no more than calling it once. Its word is enough: the harm would be its own (C-TOOL-01). */
  readonly repeatable: boolean
  /** The server says that calling it changes nothing. A hint: nothing that matters may rest on it (C-TOOL-01). */
  readonly readOnly: boolean
  readonly title: string | undefined
  readonly description: string | undefined
}

/** Remembers tools by name, the newest word of the server on each. */
export class ToolBook {
  readonly #tools = new Map<string, KnownTool>()

  get(name: unknown): KnownTool | undefined {
    return this.#tools.get(name as string)
  }

  /** Takes in a page of tools. */
  learn(page: JsonObject): void {
    const tools: readonly unknown[] = Array.isArray(page['tools']) ? page['tools'] : []
    for (const tool of tools) {
      if (!isObject(tool) || typeof tool['name'] !== 'string') continue
      if (this.#tools.size >= MOST && !this.#tools.has(tool['name'])) return
      const hints = isObject(tool['annotations']) ? tool['annotations'] : {}
      const { outputSchema, title, description } = tool
      this.#tools.set(tool['name'], {
        outputSchema: isObject(outputSchema) ? outputSchema : undefined,
        repeatable: hints['readOnlyHint'] === true || hints['idempotentHint'] === true,
        readOnly: hints['readOnlyHint'] === true,
        title: typeof title === 'string' ? title : undefined,
        description: typeof description === 'string' ? description : undefined,
      })
    }
  }
}
