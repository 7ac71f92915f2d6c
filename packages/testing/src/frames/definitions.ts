/** Validates values under the named definitions of an official schema. */

import type { Revision } from '@oarlock/protocol'
import { Ajv, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { type JsonSchema, officialSchema } from './official.ts'

/** Says what is wrong with a value under one named definition of a revision. */
export function definitionValidator(revision: Revision): (definition: string, value: unknown) => string[] {
  return new Definitions(revision).violations
}

/** The definitions of one revision, each compiled on first use. */
export class Definitions {
  readonly #revision: Revision
  readonly #compiled = new Map<string, ValidateFunction>()
  readonly #ajv: Ajv | Ajv2020
  readonly all: Readonly<Record<string, JsonSchema>>

  constructor(revision: Revision) {
    const { draft, file, definitions } = officialSchema(revision)
    this.#revision = revision
    this.all = definitions
    this.#ajv = draft === '2020-12' ? new Ajv2020({ strict: false, allErrors: true }) : new Ajv({ strict: false, allErrors: true })
    addFormats.default(this.#ajv)
    this.#ajv.addSchema({ ...file, $id: `mcp:${revision}` })
  }

  violations = (definition: string, value: unknown): string[] => {
    let validate = this.#compiled.get(definition)
    if (validate === undefined) {
      validate = this.#ajv.compile({ $ref: `mcp:${this.#revision}${officialSchema(this.#revision).prefix}${definition}` })
      this.#compiled.set(definition, validate)
    }
    if (validate(value)) return []
    const errors = (validate.errors ?? []).map(({ instancePath, message }) => `${definition}${instancePath}: ${message}`)
    return [...new Set(errors)].slice(0, 8)
  }
}
