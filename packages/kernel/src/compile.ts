/** Turns components into entries: schemas compiled and inspected, chains composed. */

import type { Clock } from '@oarlock/protocol'
import { InvalidComponent } from './catalog/invalid.ts'
import type { Component } from './catalog/component.ts'
import type { Entry } from './catalog/entry.ts'
import type { Core, Middleware } from './chain.ts'
import { layered, type Kind } from './layers.ts'
import { compilePrompt } from './operations/prompts.ts'
import { compileResource, compileTemplateEntry } from './operations/resources.ts'
import { compileTool } from './operations/tools.ts'
import { compileSchema } from './schema/compile.ts'
import { inspectSchema } from './schema/inspect.ts'
import type { CompiledSchema, Schema } from './schema/schema.ts'
import type { TemplateEngine } from './template-engine.ts'

/** What a schema is for; decides coercion and which rules hold. */
export type SchemaRole = 'input' | 'output' | 'args' | 'params'

/** What the kinds of component need to make their entries. */
export interface EntryTools {
  schema(component: Component, schema: Schema, role: SchemaRole): CompiledSchema
  layered(component: Component, method: string, kind: Kind): Core
  templates(): TemplateEngine | undefined
  /** Reports what the peer is not told. */
  report(cause: unknown, where: string, correlationId: string): void
}

/** Where the tools come from. */
export interface CompileOptions {
  readonly clock: Clock
  /** The server's middleware for a method, outermost first. */
  layers(method: string): readonly Middleware[]
  templates(): TemplateEngine | undefined
  report(cause: unknown, where: string, correlationId: string): void
  readonly coerceInput: boolean
  readonly defaults: boolean
}

/** The tools for one server. */
export function entryTools(options: CompileOptions): EntryTools {
  return {
    schema(component, schema, role) {
      // Prompt arguments and template variables are strings on the wire; tools get what the client sent unless asked to be lenient.
      const coerce = role === 'args' || role === 'params' || (role === 'input' && options.coerceInput)
      const compiled = compileSchema(schema, { coerce, defaults: role === 'output' ? false : options.defaults })
      const errors = inspectSchema(compiled.json, role).filter(problem => problem.severity === 'error')
      if (errors.length > 0)
        throw new InvalidComponent(
          component.origin,
          errors.map(({ path, message }) => `${role} schema ${path}: ${message}`),
        )
      return compiled
    },
    layered: (component, method, kind) => layered(component, kind, options.layers(method), options.clock),
    templates: options.templates,
    report: options.report,
  }
}

const NAME = /^[A-Za-z0-9_.-]{1,128}$/

/** Makes a component ready to serve. @throws InvalidComponent naming the component and everything wrong with it */
export function compileComponent(component: Component, key: string, seq: number, tools: EntryTools): Entry {
  if ((component.kind === 'tool' || component.kind === 'prompt') && !NAME.test(component.name)) {
    throw new InvalidComponent(component.origin, [
      `the name ${JSON.stringify(component.name)} must be 1 to 128 characters of A-Z a-z 0-9 _ . -`,
    ])
  }
  switch (component.kind) {
    case 'tool':
      return compileTool(component, key, seq, tools)
    case 'resource':
      return compileResource(checkedUri(component), key, seq, tools)
    case 'template':
      return compileTemplateEntry(component, key, seq, tools)
    case 'prompt':
      return compilePrompt(component, key, seq, tools)
  }
}

function checkedUri<C extends Component & { kind: 'resource' }>(component: C): C {
  if (/^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"\\^`{|}]*$/.test(component.uri)) return component
  throw new InvalidComponent(component.origin, [
    `the uri ${JSON.stringify(component.uri)} must be absolute (RFC 3986), such as 'config://app'`,
  ])
}
