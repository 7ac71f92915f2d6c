/** The door of @oarlock/client: one server, however it speaks. */

export { ANSWERS, type Answering, type ListKind, type OfferedAnswers } from './answer/offered.ts'
export { pageWithConsent, type PageOptions, type PageQuestion } from './answer/page.ts'
export type {
  AnswerHandlers,
  Approved,
  AskContext,
  FormHandler,
  PageHandler,
  RootsHandler,
  SampleHandler,
  Sampling,
} from './answer/handlers.ts'
export type { CacheOptions } from './cache/options.ts'
export { Client } from './client.ts'
export type { Completer, CompleterOptions, Completion } from './completer.ts'
export { contentProblems } from './answer/form.ts'
export { consent, type ConsentOptions, type ConsentQuestion } from './consent.ts'
export { displayIcons, displayText, hidesText } from './display.ts'
export { InvalidAnswer, InvalidResult, OutcomeUnknown, Rejected, RemoteFault, ToolFailed } from './error.ts'
export type { ClientEvents, Progress } from './events.ts'
export type { Follow, Follower, Following, FollowOptions } from './following.ts'
export type { HealOptions } from './heal/options.ts'
export type { ClientCall, ClientCallContext, ClientMiddleware, ClientNext } from './middleware.ts'
export { CLIENT_OPTIONS, type ClientExtension, type ClientOptions, type RequestOptions } from './options.ts'
export type { RawClient } from './raw.ts'
export type { CheckValue, Validate } from './result-check.ts'
export type { ServerDescription } from './server.ts'
export type { ListenFilter, News, Subscription } from './subscription.ts'
export type { KnownTool } from './tool-book.ts'
export type { Typed } from './typed.ts'
