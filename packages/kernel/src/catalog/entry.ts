/** A component made ready to serve: everything about it that can be worked out once, at registration. */

import type { HeaderParam, JsonObject, UriTemplate } from '@oarlock/protocol'
import type { Rules } from '../authorize.ts'
import type { Core } from '../chain.ts'
import type { Hint } from '../hint.ts'
import type { CompiledSchema } from '../schema/schema.ts'
import type { Component, PromptComponent, ResourceComponent, TemplateComponent, ToolComponent } from './component.ts'

interface EntryCommon<C extends Component> {
  readonly component: C
  /** What identifies it among its kind: name, URI or URI template. */
  readonly key: string
  /** Order of registration of the key; its versions share it, and a component that replaces another keeps it. */
  readonly seq: number
  readonly rules: Rules
  /** The component as lists show it, in the newest words. */
  readonly listed: JsonObject
  /** Every layer around the component, composed. */
  readonly core: Core
}

/** A tool, ready. */
export interface ToolEntry extends EntryCommon<ToolComponent> {
  readonly kind: 'tool'
  readonly input: CompiledSchema
  readonly output: CompiledSchema | undefined
  /** Arguments that HTTP mirrors into headers. */
  readonly headerParams: readonly HeaderParam[]
}

/** A resource, ready. */
export interface ResourceEntry extends EntryCommon<ResourceComponent> {
  readonly kind: 'resource'
  readonly hint: Hint
}

/** A template, ready. */
export interface TemplateEntry extends EntryCommon<TemplateComponent> {
  readonly kind: 'template'
  readonly hint: Hint
  readonly template: UriTemplate
  readonly params: CompiledSchema | undefined
  readonly completable: boolean
}

/** A prompt, ready. */
export interface PromptEntry extends EntryCommon<PromptComponent> {
  readonly kind: 'prompt'
  readonly args: CompiledSchema | undefined
  /** Whether there is anything to complete. */
  readonly completable: boolean
}

export type Entry = ToolEntry | ResourceEntry | TemplateEntry | PromptEntry
