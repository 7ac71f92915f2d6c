/** The door of @oarlock/prompts/runtime: prompts and templates that were compiled before, where code may not be made from text. Loads no compiler. */

export type { PromptData, PromptDocument } from './registry/document.ts'
export type { RegistryEvents } from './registry/events.ts'
export { precompiledPrompts, type PrecompiledOptions, type PrecompiledPrompts } from './registry/precompiled.ts'
export { InvalidPrompts, type PromptProblem, type PromptProblemCode } from './registry/problem.ts'
export { VARIANT_KEY } from './registry/rendering.ts'
export type { TemplateBundle } from './template/bundle.ts'
export { suggestedBy } from './registry/suggested.ts'
export { helper, type HelperCall, type HelperDefinition, type HelperOptions } from './template/callable.ts'
export { TemplateFailure, type FailureCode } from './template/failure.ts'
export type { Asset, EngineOptions, TemplateLimits } from './template/options.ts'
export { precompiled, type PrecompiledTemplates } from './template/precompiled.ts'
