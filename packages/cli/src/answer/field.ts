/** One field of a form: what a person is shown of it, and the value that the typed text stands for. */

import { isObject, type JsonObject } from '@oarlock/protocol'
import { contentProblems } from 'oarlock/client'
import { YES_OR_NO } from './dialogue.ts'

/** A choice, and what it is called. */
interface Choice {
  readonly value: string
  readonly title: string
}

/** A field that was seen to be one. */
export class Field {
  readonly name: string
  readonly required: boolean
  readonly #schema: JsonObject

  constructor(name: string, schema: JsonObject, required: boolean) {
    this.name = name
    this.required = required
    this.#schema = schema
  }

  /** Fields of a requested schema, in its order. */
  static of({ properties, required }: JsonObject): readonly Field[] {
    const needed = Array.isArray(required) ? required : []
    return Object.entries(properties as Readonly<Record<string, JsonObject>>).map(
      ([name, schema]) => new Field(name, schema, needed.includes(name)),
    )
  }

  /** Lines above the question: what it is about, and the choices. */
  get lines(): readonly string[] {
    const { description } = this.#schema
    return [
      ...(typeof description === 'string' ? [`  ${description}`] : []),
      ...this.#choices.map(({ value, title }, index) => `  ${index + 1}. ${title}${title === value ? '' : ` (${value})`}`),
    ]
  }

  /** The question itself. */
  get question(): string {
    const { title, default: otherwise } = this.#schema
    const kind = `${this.#kind}${this.required ? '' : ', optional'}`
    const given = otherwise === undefined ? '' : ` [${typeof otherwise === 'string' ? otherwise : JSON.stringify(otherwise)}]`
    return `${typeof title === 'string' ? title : this.name} (${kind})${given}: `
  }

  /** What stands for it in an example. */
  get example(): unknown {
    const [first] = this.#choices
    if (this.#schema['type'] === 'array') return first === undefined ? [] : [first.value]
    if (first !== undefined) return first.value
    return this.#schema['type'] === 'boolean' ? true : this.#schema['type'] === 'string' ? '…' : 1
  }

  /** The value of a text, undefined for none, or what is wrong with it. */
  read(text: string): { readonly value: unknown } | { readonly problem: string } {
    if (text === '') {
      const isMissing = this.required && this.#schema['default'] === undefined
      return isMissing ? { problem: 'It is needed. Ctrl-D cancels.' } : { value: undefined }
    }
    const value = this.#valueOf(text)
    const [problem] = contentProblems({ properties: { [this.name]: this.#schema } }, { [this.name]: value })
    return problem === undefined ? { value } : { problem: `${problem}.` }
  }

  get #kind(): string {
    const { type, format } = this.#schema
    if (type === 'array') return 'numbers or names, with commas between'
    if (this.#choices.length > 0) return 'a number or a name'
    if (type === 'boolean') return 'yes or no'
    return type === 'string' ? (typeof format === 'string' ? format : 'text') : String(type)
  }

  get #choices(): readonly Choice[] {
    const items = isObject(this.#schema['items']) ? this.#schema['items'] : this.#schema
    const names = items['enumNames']
    if (Array.isArray(items['enum'])) {
      return items['enum'].map((value, index) => ({
        value: String(value),
        title: String(Array.isArray(names) ? (names[index] ?? value) : value),
      }))
    }
    const titled = items['oneOf'] ?? items['anyOf']
    if (!Array.isArray(titled)) return []
    return titled.filter(isObject).map(({ const: value, title }) => ({ value: String(value), title: String(title ?? value) }))
  }

  #valueOf(text: string): unknown {
    switch (this.#schema['type']) {
      case 'array':
        return text.split(',').map(part => this.#chosen(part.trim()))
      case 'boolean':
        return YES_OR_NO.get(text.toLowerCase()) ?? text
      case 'number':
      case 'integer':
        return Number(text)
      default:
        return this.#chosen(text)
    }
  }

  /** By its value, its title, or its place in the list. */
  #chosen(text: string): string {
    const choices = this.#choices
    const named = choices.find(({ value }) => value === text) ?? choices.find(({ title }) => title.toLowerCase() === text.toLowerCase())
    return (named ?? (/^\d+$/.test(text) ? choices[Number(text) - 1] : undefined))?.value ?? text
  }
}
