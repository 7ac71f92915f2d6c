/** Turns components into entries: schemas compiled and inspected, chains composed. */

import type { Clock } from '@oarlock/protocol'
import { compileRules } from './authorize.ts'
import type { Component, Middleware } from './catalog/component.ts'
import type { Entry } from './catalog/entry.ts'
import { InvalidComponent } from './catalog/invalid.ts'
import type { EntryTools } from './entry-tools.ts'
import { checkedHint, type Hint } from './hint.ts'
import { layered } from './layers.ts'
import { compilePrompt } from './operations/prompts.ts'
import { compileResource, compileTemplateEntry } from './operations/resources.ts'
import { compileTool } from './operations/tools.ts'
import { compileSchema } from './schema/compile.ts'
import { inspectSchema, type SchemaRole } from './schema/inspect.ts'
import { portableSchema } from './schema/portable.ts'
import type { CompiledSchema, Schema } from './schema/schema.ts'
import type { TemplateEngine } from './template-engine.ts'

/** Where the tools come from. */
export interface CompileOptions {
  readonly clock: Clock
  /** The server's middleware for a method, outermost first. */
  layers(method: string): readonly Middleware[]
  templates(): TemplateEngine | undefined
  report(cause: unknown, where: string, correlationId?: string): void
  readonly coerceInput: boolean
  readonly defaults: boolean
  /** List tools with schemas that the most clients understand. */
  readonly portable: boolean
  /** The server's hint for resources/read. */
  readonly readHint: Hint
}

/** The tools for one server. */
export function entryTools(options: CompileOptions): EntryTools {
  const { clock, report, templates } = options
  return {
    schema: (component, schema, role) => compiledSchema(component, schema, role, options),
    layered(component, method, kind) {
      const rules = compileRules(component, report)
      return { rules, core: layered(component, rules, kind, options.layers(method)) }
    },
    limit({ name, timeoutMs: ms }, expired) {
      if (ms === undefined) return undefined
      return { ms, clock, expired: () => expired(`${name} did not finish within ${ms} ms and was cancelled`) }
    },
    readHint({ cache, guards }) {
      const hint = checkedHint(cache, options.readHint)
      // What guards make different for each caller is never shareable (DIGEST S-CACHE-04).
      return guards.length > 0 ? { ...hint, scope: 'private' } : hint
    },
    templates,
    report,
  }
}

function compiledSchema(component: Component, schema: Schema, role: SchemaRole, options: CompileOptions): CompiledSchema {
  // Prompt arguments and template variables are strings on the wire; tools get what the client sent unless asked to be lenient.
  const coerce = role === 'args' || role === 'params' || (role === 'input' && options.coerceInput)
  const side = role === 'output' ? 'output' : 'input'
  const compiled = compileSchema(schema, { coerce, defaults: side === 'input' && options.defaults, side })
  const errors = inspectSchema(compiled.json, role).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) {
    const problems = errors.map(({ path, message }) => `${role} schema ${path}: ${message}`)
    throw new InvalidComponent(component.origin, problems)
  }
  return options.portable && (role === 'input' || role === 'output') ? { ...compiled, json: portableSchema(compiled.json) } : compiled
}

const NAME = /^[A-Za-z0-9_.-]{1,128}$/
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"\\^`{|}]*$/

/** Makes a component ready to serve. @throws InvalidComponent naming the component and everything wrong with it */
export function compileComponent(component: Component, key: string, seq: number, tools: EntryTools): Entry {
  try {
    checkShape(component)
    return compileKind(component, key, seq, tools)
  } catch (error) {
    if (error instanceof InvalidComponent || !(error instanceof Error)) throw error
    throw new InvalidComponent(component.origin, [error.message], { cause: error })
  }
}

function compileKind(component: Component, key: string, seq: number, tools: EntryTools): Entry {
  switch (component.kind) {
    case 'tool':
      return compileTool(component, key, seq, tools)
    case 'resource':
      return compileResource(component, key, seq, tools)
    case 'template':
      return compileTemplateEntry(component, key, seq, tools)
    case 'prompt':
      return compilePrompt(component, key, seq, tools)
  }
}

function checkShape(component: Component): void {
  const { kind, name, timeoutMs } = component
  if ((kind === 'tool' || kind === 'prompt') && !NAME.test(name)) {
    throw new TypeError(`the name ${JSON.stringify(name)} must be 1 to 128 characters of A-Z a-z 0-9 _ . -`)
  }
  if (kind === 'resource' && !URI.test(component.uri)) {
    throw new TypeError(`the uri ${JSON.stringify(component.uri)} must be absolute (RFC 3986), such as 'config://app'`)
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0 && Number.isFinite(timeoutMs)))
    throw new TypeError('the timeout must be longer than nothing')
}
