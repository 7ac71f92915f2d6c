/** Whether a tool's result is what its advertised schema promises (C-TOOL-02). */

import { isObject, type JsonObject } from '@oarlock/protocol'
import type { CallToolResult } from '@oarlock/protocol'
import { InvalidResult } from './error.ts'
import type { KnownTool } from './tool-book.ts'

/** Says everything that is wrong with a value; nothing, or an empty list, when it fits. */
export type CheckValue = (value: unknown) => readonly string[] | undefined | Promise<readonly string[] | undefined>

/**
 * Makes a check of a JSON Schema. Throws for a schema that cannot be checked: of an unknown dialect, with a reference to the network. Such a
 * schema is never taken for one that lets everything pass (C-TOOL-12), and nothing is ever fetched (C-TOOL-08).
 */
export type Validate = (schema: JsonObject) => CheckValue

/** Checks results. Each schema is compiled once, when the first result needs it. */
export class ResultCheck {
  readonly #validate: Validate | undefined
  readonly #compiled = new WeakMap<JsonObject, CheckValue>()

  constructor(validate: Validate | undefined) {
    this.#validate = validate
  }

  /** Whether schemas are worth knowing. */
  get active(): boolean {
    return this.#validate !== undefined
  }

  /**
   * Gives the result back when it fits. Errors of the tool have no structure to check, and neither has what is not a result yet.
   * @throws InvalidResult
   */
  async check(name: string, tool: KnownTool | undefined, result: JsonObject): Promise<JsonObject> {
    const schema = tool?.outputSchema
    const type = result['resultType']
    if (schema === undefined || result['isError'] === true || (type !== undefined && type !== 'complete')) return result
    const problems = result['structuredContent'] === undefined ? ['it has no structured value'] : await this.#problems(schema, result)
    if (problems.length > 0) throw new InvalidResult(name, result as unknown as CallToolResult, problems)
    return result
  }

  async #problems(schema: JsonObject, { structuredContent }: JsonObject): Promise<readonly string[]> {
    if (this.#validate === undefined) return []
    try {
      let check = this.#compiled.get(schema)
      if (check === undefined) {
        check = this.#validate(schema)
        this.#compiled.set(schema, check)
      }
      return (await check(structuredContent)) ?? []
    } catch (cause) {
      return [`it cannot be checked: ${isObject(cause) ? String(cause['message']) : String(cause)}`]
    }
  }
}
