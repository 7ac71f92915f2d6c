/** What can be offered of the exports of a file that exports no server. */

import { componentsOf } from '@oarlock/decorators'

/** What an export offers: itself, an instance of itself, its elements, or nothing. */
export function offersOf(value: unknown): object[] {
  if (Array.isArray(value)) return value.flatMap(offersOf)
  if (isClass(value)) return ofClass(value)
  if (typeof value !== 'object' || value === null) return []
  return isProvider(value) || componentsOf(value).length > 0 ? [value] : []
}

function ofClass(type: new () => object): object[] {
  if (type.length > 0) return []
  const instance = new type()
  if (isProvider(instance) || componentsOf(instance).length > 0) return [instance]
  return componentsOf(type).length > 0 ? [type] : []
}

function isClass(value: unknown): value is new () => object {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value)) && !(value.prototype instanceof Error)
}

function isProvider(value: object): boolean {
  return typeof (value as { components?: unknown }).components === 'function'
}
