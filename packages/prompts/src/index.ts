/** The door of @oarlock/prompts: prompts as assets. */

export type { FragmentDefinition, PromptDefinition, PromptVariant } from './registry/definition.ts'
export type { PromptData, PromptDocument } from './registry/document.ts'
export type { PromptExposed, PromptFailed, PromptRendered, PromptsChanged, RegistryEvents } from './registry/events.ts'
export type { AssignedPrompt, PinCaller, RegistryOptions, WatchOptions } from './registry/options.ts'
export { formatProblems, InvalidPrompts, type PromptProblem } from './registry/problem.ts'
export { prompts } from './registry/prompts.ts'
export { PromptRegistry, type SourceOptions } from './registry/registry.ts'
export { VARIANT_KEY } from './registry/rendering.ts'
export type { PromptFilter, PromptSummary } from './registry/search.ts'
export type { PromptStats } from './registry/stats.ts'
