/** What the tests of templates share. */
import type { PromptMessage } from '@oarlock/protocol'
import type { TemplateDefinition } from '../../src/template/definition.ts'
import type { EngineOptions } from '../../src/template/options.ts'
import { TemplateSet } from '../../src/template/set.ts'

/** A set of templates. */
export function setOf(definitions: readonly TemplateDefinition[], options?: EngineOptions): TemplateSet {
  const set = new TemplateSet(options)
  set.put(definitions)
  return set
}

/** The messages of one template. */
export function messages(text: string, values: Readonly<Record<string, unknown>> = {}, options?: EngineOptions): readonly PromptMessage[] {
  return setOf([{ id: 'x', text }], options).render('x', values)
}

/** The text of a template that renders to one message, or to none. */
export function textOf(text: string, values: Readonly<Record<string, unknown>> = {}, options?: EngineOptions): string {
  return spoken(messages(text, values, options))
    .map(([, said]) => said)
    .join('\n---\n')
}

/** Who says what. */
export function spoken(given: readonly PromptMessage[]): readonly (readonly [role: string, text: string])[] {
  return given.map(({ role, content }) => [role, content.type === 'text' ? content.text : content.type])
}
