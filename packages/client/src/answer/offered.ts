/** Objects that answer for a client: the contract by which classes with `@OnElicit` and its kin are read. */

import { isWithin } from '../below.ts'
import type { ClientEvents, Progress } from '../events.ts'
import type { AnswerHandlers } from './handlers.ts'

/** The method by which an object tells its handlers. Decorators write it; a class of your own may have it too. */
export const ANSWERS: unique symbol = Symbol.for('oarlock.answers') as never

/** Which lists. */
export type ListKind = 'tools' | 'prompts' | 'resources'

/** What an object answers and listens to. */
export interface OfferedAnswers {
  readonly answers: AnswerHandlers
  readonly progress: readonly ((progress: Progress & { readonly id: number; readonly method: string }) => void)[]
  readonly listChanged: readonly { readonly kind: ListKind | undefined; readonly heard: (kind: ListKind) => void }[]
  /** With a URI the resource is subscribed to; without one every update that comes for other reasons is heard. */
  readonly resourceUpdated: readonly { readonly uri: string | undefined; readonly heard: (event: { readonly uri: string }) => void }[]
}

/** An object of that kind. */
export interface Answering {
  [ANSWERS](): OfferedAnswers
}

/** What an object offers. @throws TypeError when it offers nothing */
export function offeredBy(instance: object): OfferedAnswers {
  const tell = (instance as Partial<Answering>)[ANSWERS]
  if (typeof tell !== 'function') {
    throw new TypeError(
      `${instance.constructor?.name ?? 'The object'} has no method with @OnElicit, @OnSampling, @OnRoots or one of their kin`,
    )
  }
  return tell.call(instance)
}

const EVENTS = { tools: 'tools.changed', prompts: 'prompts.changed', resources: 'resources.changed' } as const

/** Registers what listens. Returns how to stop. `on` is the client's. */
export function listenTo(
  { progress, listChanged, resourceUpdated }: OfferedAnswers,
  on: <E extends keyof ClientEvents>(event: E, listener: (...args: ClientEvents[E]) => void) => () => void,
): () => void {
  const stops = [
    ...progress.map(heard => on('progress.received', heard)),
    ...listChanged.flatMap(({ kind, heard }) =>
      (['tools', 'prompts', 'resources'] as const)
        .filter(each => kind === undefined || kind === each)
        .map(each => on(EVENTS[each], () => heard(each))),
    ),
    ...resourceUpdated.map(({ uri, heard }) =>
      on('resource.updated', event => (uri === undefined || isWithin(event.uri, uri) ? heard(event) : undefined)),
    ),
  ]
  return () => {
    for (const stop of stops) stop()
  }
}

/** The news that somebody has to ask the server for; undefined when nobody listens to any. */
export function filterOf({
  listChanged,
  resourceUpdated,
}: OfferedAnswers): { tools: boolean; prompts: boolean; resourceList: boolean; resources: string[] } | undefined {
  const wants = (kind: ListKind): boolean => listChanged.some(each => each.kind === undefined || each.kind === kind)
  const resources = resourceUpdated.flatMap(({ uri }) => uri ?? [])
  const filter = { tools: wants('tools'), prompts: wants('prompts'), resourceList: wants('resources'), resources }
  return filter.tools || filter.prompts || filter.resourceList || resources.length > 0 ? filter : undefined
}
