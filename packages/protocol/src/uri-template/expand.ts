/** Fills a URI template with values: all four levels of RFC 6570 (sections 3.2.1 to 3.2.9). */

import { encodeReserved, encodeUnreserved, type Expression, type Operator, type Part, type Variable } from './syntax.ts'

/** A value on its own. Null and undefined count as absent. */
export type TemplateScalar = string | number | boolean | null | undefined

/** What a variable may be filled with: a scalar, a list, or pairs. */
export type TemplateValue = TemplateScalar | readonly TemplateScalar[] | { readonly [key: string]: TemplateScalar }

/** Values by variable name. Only own properties are read. */
export interface TemplateValues {
  readonly [name: string]: TemplateValue
}

interface Style {
  /** What comes before the first value and between values. */
  readonly first: string
  readonly between: string
  /** Whether values are preceded by their names, and what stands for an empty one. */
  readonly named: boolean
  readonly empty: string
  readonly encode: (text: string) => string
}

const style = (first: string, between: string, encode: Style['encode'], named = false, empty = ''): Style => ({
  first,
  between,
  named,
  empty,
  encode,
})

/** RFC 6570, appendix A. */
const STYLES: Readonly<Record<Operator, Style>> = {
  '': style('', ',', encodeUnreserved),
  '+': style('', ',', encodeReserved),
  '#': style('#', ',', encodeReserved),
  '.': style('.', '.', encodeUnreserved),
  '/': style('/', '/', encodeUnreserved),
  ';': style(';', ';', encodeUnreserved, true),
  '?': style('?', '&', encodeUnreserved, true, '='),
  '&': style('&', '&', encodeUnreserved, true, '='),
}

/** The URI that the parts of a template make with these values. */
export function expandParts(parts: readonly Part[], values: TemplateValues): string {
  let uri = ''
  for (const part of parts) uri += part.kind === 'literal' ? part.text : expandExpression(part, values)
  return uri
}

function expandExpression({ operator, variables }: Expression, values: TemplateValues): string {
  const style = STYLES[operator]
  const pieces: string[] = []
  for (const variable of variables) {
    const piece = Object.hasOwn(values, variable.name) ? expandVariable(variable, values[variable.name], style) : undefined
    if (piece !== undefined) pieces.push(piece)
  }
  return pieces.length === 0 ? '' : style.first + pieces.join(style.between)
}

function expandVariable(variable: Variable, value: TemplateValue, style: Style): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object') {
    const text = variable.prefix === undefined ? String(value) : Array.from(String(value)).slice(0, variable.prefix).join('')
    return named(variable.name, style.encode(text), style)
  }
  return Array.isArray(value)
    ? expandList(variable, value as readonly TemplateScalar[], style)
    : expandPairs(variable, value as Readonly<Record<string, TemplateScalar>>, style)
}

function expandList({ name, explode }: Variable, list: readonly TemplateScalar[], style: Style): string | undefined {
  const items = list.filter(isPresent).map(item => style.encode(String(item)))
  if (items.length === 0) return undefined
  return explode ? items.map(item => named(name, item, style)).join(style.between) : named(name, items.join(','), style)
}

function expandPairs({ name, explode }: Variable, pairs: Readonly<Record<string, TemplateScalar>>, style: Style): string | undefined {
  const present = Object.entries(pairs).filter(([, value]) => isPresent(value))
  if (present.length === 0) return undefined
  const items = present.map(([key, value]) => pair(style.encode(key), style.encode(String(value)), explode, style))
  return explode ? items.join(style.between) : named(name, items.join(','), style)
}

function pair(key: string, value: string, explode: boolean, style: Style): string {
  if (!explode) return `${key},${value}`
  return style.named ? named(key, value, style) : `${key}=${value}`
}

function named(name: string, text: string, style: Style): string {
  if (!style.named) return text
  return text === '' ? name + style.empty : `${name}=${text}`
}

const isPresent = (value: TemplateScalar): boolean => value !== undefined && value !== null
