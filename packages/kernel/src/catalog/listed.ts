/** A component as lists show it: the wire object in the newest words, made once. */

import { DEPRECATED_KEY, isObject, VERSION_KEY, type JsonObject } from '@oarlock/protocol'
import type { CompiledSchema } from '../schema/schema.ts'
import type { Component, ListedResource, PromptComponent, ResourceComponent, TemplateComponent, ToolComponent } from './component.ts'

const present = (fields: JsonObject): JsonObject => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

function common(component: Component): JsonObject {
  const { name, title, description, icons, version, deprecated } = component
  const own = present({ [VERSION_KEY]: version, [DEPRECATED_KEY]: deprecated === false ? undefined : deprecated })
  const meta = { ...component.meta, ...own }
  return present({
    name,
    title,
    description: describe(description, deprecated),
    icons,
    _meta: Object.keys(meta).length === 0 ? undefined : meta,
  })
}

function describe(description: string | undefined, deprecated: string | boolean | undefined): string | undefined {
  if (deprecated === undefined || deprecated === false) return description
  const notice = deprecated === true ? 'Deprecated.' : `Deprecated: ${deprecated}.`
  return description === undefined ? notice : `${notice} ${description}`
}

/** A tool in tools/list. */
export function listTool(tool: ToolComponent, input: CompiledSchema, output: CompiledSchema | undefined): JsonObject {
  return present({ ...common(tool), inputSchema: input.json, outputSchema: output?.json, annotations: tool.annotations })
}

/** A resource in resources/list. */
export function listResource(resource: ResourceComponent): JsonObject {
  const { uri, mimeType, annotations, size } = resource
  return present({ uri, ...common(resource), mimeType, annotations, size })
}

/** A resource that a template lists, in resources/list. */
export function listItem(item: ListedResource): object {
  // Most have none, and copying would cost more than all the rest of the listing.
  if (item.meta === undefined) return item
  const { meta, ...members } = item
  return { ...members, _meta: meta }
}

/** A template in resources/templates/list. */
export function listTemplate(template: TemplateComponent): JsonObject {
  const { uriTemplate, mimeType, annotations } = template
  return present({ uriTemplate, ...common(template), mimeType, annotations })
}

/** A prompt in prompts/list, its arguments read from the schema's properties. */
export function listPrompt(prompt: PromptComponent, args: CompiledSchema | undefined): JsonObject {
  return present({ ...common(prompt), arguments: args === undefined ? undefined : promptArguments(args.json) })
}

function promptArguments(schema: JsonObject): readonly JsonObject[] | undefined {
  const properties = schema['properties']
  if (!isObject(properties)) return undefined
  const required = new Set(Array.isArray(schema['required']) ? (schema['required'] as unknown[]) : [])
  return Object.entries(properties).map(([name, property]) => {
    const { title, description } = isObject(property) ? property : ({} as JsonObject)
    return present({ name, title, description, required: required.has(name) })
  })
}
