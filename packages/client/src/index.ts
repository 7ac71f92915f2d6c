/** The door of @oarlock/client: one server, however it speaks. */

export type { AnswerHandlers, AskContext, FormHandler, PageHandler, RootsHandler, SampleHandler, Sampling } from './answer/handlers.ts'
export type { CacheOptions } from './cache/options.ts'
export { Client } from './client.ts'
export { InvalidAnswer, InvalidResult, OutcomeUnknown, Rejected, RemoteFault, ToolFailed } from './error.ts'
export type { ClientEvents, Progress } from './events.ts'
export type { HealOptions } from './heal/options.ts'
export type { ClientExtension, ClientOptions, RequestOptions } from './options.ts'
export type { RawClient } from './raw.ts'
export type { ServerDescription } from './server.ts'
export type { ListenFilter, News, Subscription } from './subscription.ts'
export type { Typed } from './typed.ts'
