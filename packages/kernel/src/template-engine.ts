/** The port by which a template engine renders prompts that are written as text. */

/** Renders prompt templates. `@oarlock/prompts` brings one; a server may be given another. */
export interface TemplateEngine {
  /**
   * Compiles a template once, at registration. Throws for a template that is wrong, with file and line where known.
   * @returns a renderer from the prompt's arguments to what a prompt handler may return: text, a message, messages
   */
  compile(
    template: string,
    about: { readonly name: string; readonly origin: string },
  ): (values: Readonly<Record<string, unknown>>) => unknown
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
