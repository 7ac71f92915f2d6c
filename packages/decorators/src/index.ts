/** The door of @oarlock/decorators: components as members of classes. */

export { Arg, type ArgDecorator } from './arg.ts'
export { prompt, resource, template, tool, type FunctionField } from './class-field.ts'
export { Complete, type CompleteDecorator, type CompleteOptions } from './complete.ts'
export { Deprecated } from './deprecated.ts'
export { Field, type FieldDecorator, type Mismatch, type ValueOf, type ValueOptions } from './field.ts'
export { Guard } from './guard.ts'
export { inject, withContainer, type Container, type Token } from './inject.ts'
export type { LayerDecorator } from './layer.ts'
export {
  OnElicit,
  OnRoots,
  OnSampling,
  type FormMethod,
  type PageMethod,
  type QuestionContext,
  type RootsMethod,
  type SampleMethod,
} from './on-question.ts'
export { OnListChanged, OnProgress, OnResourceUpdated, type ProgressEvent } from './on-news.ts'
export { Prompt, type PromptDecorator } from './prompt.ts'
export { componentsOf } from './reflect.ts'
export { Resource, type ResourceDecorator } from './resource.ts'
export { ResourceTemplate, type TemplateDecorator } from './resource-template.ts'
export { Tags } from './tags.ts'
export { Tool, type ToolDecorator } from './tool.ts'
export { Use } from './use.ts'
