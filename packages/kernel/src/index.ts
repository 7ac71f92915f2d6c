/** The door of @oarlock/kernel: the server, what it serves, and what handlers are given. */

export { elicit, roots, sample, type Ask, type Askable, type Elicited, type ElicitForm, type ElicitUrl } from './ask.ts'
export type {
  CacheHint,
  CallInfo,
  Completer,
  Completers,
  CompletionValue,
  Component,
  ComponentCommon,
  ComponentKind,
  ListedResource,
  ListPage,
  ListResources,
  Middleware,
  Next,
  Origin,
  PromptComponent,
  ReadValue,
  ResourceComponent,
  TemplateComponent,
  ToolComponent,
  Watch,
} from './catalog/component.ts'
export {
  definePrompt,
  defineResource,
  defineTemplate,
  defineTool,
  NO_ARGUMENTS,
  type CommonOptions,
  type Owner,
  type PromptOptions,
  type ResourceOptions,
  type TemplateOptions,
  type ToolHandler,
  type ToolOptions,
  type ToolReturn,
} from './catalog/define.ts'
export { InvalidComponent } from './catalog/invalid.ts'
export type { Offer } from './catalog/offer.ts'
export {
  FIELD,
  OFFERS,
  type FieldOffering,
  type Finding,
  type Offerable,
  type Offering,
  type Provider,
  type ProviderHost,
} from './catalog/provider.ts'
export { compareVersions } from './catalog/version.ts'
export type { Problem } from './check.ts'
export { audio, embed, image, link, text, type BlockOptions } from './content.ts'
export { currentContainer, withContainer, type Container } from './container.ts'
export type { CallLog, Context, PromptContext, ResourceContext, SessionValues, ToolContext } from './context.ts'
export type { SingleUse, StateOptions } from './edge/state.ts'
export { Asking, ToolError } from './error.ts'
export type { CallEnd, CallFinished, ErrorReported, LogWritten, ServerEvents } from './events.ts'
export type { Extension, ExtensionMethod, GrantedFilter, ListenFilter } from './extension.ts'
export type { DeclaredFeatures } from './features.ts'
export type { Guard } from './guard.ts'
export { limit, tokenBucket, type BucketOptions, type LimitHook, type LimitVerdict } from './limit.ts'
export { redact } from './log.ts'
export { duration, nearest, type Duration } from '@oarlock/protocol'
export { compileSchema, jsonSchemaOf } from './schema/compile.ts'
export type { In, Out } from './schema/infer.ts'
export { explainer, type Explainer, type FormatTest } from './schema/explain.ts'
export { inspectSchema, type SchemaRole } from './schema/inspect.ts'
export {
  FIELDS,
  type Checked,
  type CompiledSchema,
  type DtoClass,
  type Issue,
  type Schema,
  type SchemaOptions,
  type SchemaProblem,
  type StandardSchema,
} from './schema/schema.ts'
export { withJsonSchema } from './schema/standard.ts'
export type { Cacheable, CloseOptions, OfferOptions, ServerLimits, ServerOptions } from './options.ts'
export { Server } from './server.ts'
export { installTemplateEngine, type TemplateAbout, type TemplateEngine, type TemplateRenderer } from './template-engine.ts'
