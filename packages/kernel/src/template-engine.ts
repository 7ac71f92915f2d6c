/** The port by which a template engine renders prompts that are written as text. */

import type { JsonObject } from '@oarlock/protocol'
import type { Context } from './context.ts'

/** The prompt that a template belongs to. */
export interface TemplateAbout {
  readonly name: string
  /** Where it was written, for error texts. */
  readonly origin: string
  /** JSON Schema of the prompt's arguments, so that names the template gets wrong are found at registration. Absent when it declares none. */
  readonly args?: JsonObject
  /** Names of the values that the prompt's function adds to the arguments. */
  readonly adds: readonly string[]
}

/**
 * Renders a template for one call. `values` are the prompt's arguments and, on top of them, what its function returned; `ctx` is the context that the
 * function had. Returns what a prompt handler may return (text, a message, messages), or a promise of it. It is part of the prompt's run: the time
 * limit covers it, and when it asks the client it is re-entered with the function, from the top.
 */
export type TemplateRenderer = (values: Readonly<Record<string, unknown>>, ctx: Context) => unknown

/** Renders prompt templates. `@oarlock/prompts` brings one; a server may be given another. */
export interface TemplateEngine {
  /** Compiles a template once, at registration. Throws for a template that is wrong, with file and line where known. */
  compile(template: string, about: TemplateAbout): TemplateRenderer
}

const INSTALLED = Symbol.for('oarlock.template-engine')

/** Makes an engine known to every server of the process that was given none. Called by engine packages when imported. */
export function installTemplateEngine(engine: TemplateEngine): void {
  ;(globalThis as { [INSTALLED]?: TemplateEngine })[INSTALLED] = engine
}

/** The engine installed in this process. */
export function installedTemplateEngine(): TemplateEngine | undefined {
  return (globalThis as { [INSTALLED]?: TemplateEngine })[INSTALLED]
}
