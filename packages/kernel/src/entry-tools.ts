/** What the kinds of component are given to make their entries with: the server's part of it. */

import type { Component, ResourceComponent, TemplateComponent } from './catalog/component.ts'
import type { Entry } from './catalog/entry.ts'
import type { TimeLimit } from './enter.ts'
import type { Hint } from './hint.ts'
import type { Kind } from './layers.ts'
import type { SchemaRole } from './schema/inspect.ts'
import type { CompiledSchema, Schema } from './schema/schema.ts'
import type { TemplateEngine } from './template-engine.ts'

/** What the kinds of component need to make their entries. */
export interface EntryTools {
  schema(component: Component, schema: Schema, role: SchemaRole): CompiledSchema
  /** What every entry has: its rules, and all layers around it. */
  layered(component: Component, method: string, kind: Kind): Pick<Entry, 'rules' | 'core'>
  /** How long its handler may run. `expired` makes the error of a text. */
  limit(component: Component, expired: (text: string) => Error): TimeLimit | undefined
  /** The caching hint of a resource's contents. @throws TypeError for one that clients could not use */
  readHint(component: ResourceComponent | TemplateComponent): Hint
  templates(): TemplateEngine | undefined
  /** Reports what the peer is not told. */
  report(cause: unknown, where: string, correlationId?: string): void
}
