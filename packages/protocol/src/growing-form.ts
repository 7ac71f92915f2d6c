/**
 * Forms for 2025-06-18, which has fewer kinds of fields: the schema on its way to the client, the answer on its way back. Choices with
 * titles are said in that revision's own way. A choice of several has none: it becomes a line of text that lists the options, and the text
 * that comes back is read as the list it stands for, so that whoever asked never learns of the detour (DIGEST S-EL-05).
 */

import { isObject, type JsonObject } from './json.ts'
import type { Form } from './model/form.ts'

/** The form in the words of 2025-06-18; the same object when it has no newer ones. */
export function growingForm(form: JsonObject): JsonObject {
  const { $schema, ...rest } = form
  const properties = form['properties']
  if (!isObject(properties)) return form
  const fields = Object.entries(properties).map(([name, field]) => [name, isObject(field) ? olderField(field) : field] as const)
  if (fields.every(([name, field]) => field === properties[name])) return $schema === undefined ? form : rest
  return { ...rest, properties: Object.fromEntries(fields) }
}

/** What was filled in to a form that `growingForm` had to rewrite, as the original form wants it. `content` itself when nothing differs. */
export function filledIn<T extends JsonObject>(form: Form, content: T): T {
  const properties: unknown = form.properties
  if (!isObject(properties)) return content
  const lists = Object.entries(properties).flatMap(([name, field]) => {
    const answer = content[name]
    return isObject(field) && field['type'] === 'array' && typeof answer === 'string'
      ? [[name, asList(answer, optionsOf(field))] as const]
      : []
  })
  return lists.length === 0 ? content : { ...content, ...Object.fromEntries(lists) }
}

interface Option {
  readonly const: string
  readonly title: string
}

function olderField(field: JsonObject): JsonObject {
  if (field['type'] === 'array') return asLine(field)
  if (field['type'] === 'boolean' || (field['oneOf'] === undefined && field['default'] === undefined)) return field
  const { default: _, oneOf, ...rest } = field
  if (!Array.isArray(oneOf)) return rest
  if (!oneOf.every(isOption)) return field
  return { ...rest, enum: oneOf.map(each => each.const), enumNames: oneOf.map(each => each.title) }
}

function asLine(field: JsonObject): JsonObject {
  const options = optionsOf(field)
  const hint = `any of: ${options.map(({ title }) => title).join(separatorOf(options))}`
  const { description, title } = field
  return {
    type: 'string',
    ...(title === undefined ? {} : { title }),
    description: typeof description === 'string' ? `${description} (${hint})` : hint,
  }
}

/** What can be chosen. What is no option is left out: a form that is wrong is not this floor's to judge. */
function optionsOf({ items }: JsonObject): readonly Option[] {
  if (!isObject(items)) return []
  const { anyOf, enum: values } = items
  if (Array.isArray(anyOf)) return anyOf.filter(isOption)
  return Array.isArray(values) ? values.filter(value => typeof value === 'string').map(value => ({ const: value, title: value })) : []
}

function isOption(value: unknown): value is Option {
  return isObject(value) && typeof value['const'] === 'string' && typeof value['title'] === 'string'
}

/** Commas, unless an option holds one. */
function separatorOf(options: readonly Option[]): string {
  return options.some(each => each.title.includes(',') || each.const.includes(',')) ? '; ' : ', '
}

function asList(answer: string, options: readonly Option[]): string[] {
  const parts = answer.split(separatorOf(options).trim()).map(part => part.trim())
  return parts.filter(part => part !== '').map(part => options.find(each => each.title === part)?.const ?? part)
}
