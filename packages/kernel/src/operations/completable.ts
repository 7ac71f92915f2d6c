/** What can be completed without asking anybody: arguments whose schema names their values. */

import { isObject } from '@oarlock/protocol'
import type { PromptComponent, TemplateComponent } from '../catalog/component.ts'
import type { CompiledSchema } from '../schema/schema.ts'

/** Whether a component has anything to complete: a completer, or a schema that knows its values. */
export function isCompletable({ complete }: PromptComponent | TemplateComponent, schema: CompiledSchema | undefined): boolean {
  if ((complete?.size ?? 0) > 0) return true
  const properties = schema?.json['properties']
  return isObject(properties) && Object.values(properties).some(property => schemaValues(property) !== undefined)
}

/** The values a schema allows, when it names them: enum, const, boolean, or a union of those. */
export function schemaValues(schema: unknown): readonly string[] | undefined {
  if (!isObject(schema)) return undefined
  if (Array.isArray(schema['enum'])) return schema['enum'].map(String)
  if ('const' in schema) return [String(schema['const'])]
  if (schema['type'] === 'boolean') return ['true', 'false']
  const union = schema['anyOf'] ?? schema['oneOf']
  if (!Array.isArray(union)) return undefined
  const parts = union.map(schemaValues)
  return parts.every(part => part !== undefined) ? parts.flat() : undefined
}
