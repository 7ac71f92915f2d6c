/** `@OnProgress`, `@OnListChanged`, `@OnResourceUpdated`: methods that hear what servers tell. */

import { noteOn, type OnDecorator } from './on.ts'

/** How far a request is. */
export interface ProgressEvent {
  /** Of the request. */
  readonly id: number
  readonly method: string
  readonly progress: number
  readonly total: number | undefined
  readonly message: string | undefined
}

/** Makes a method hear the progress of all requests of the client. Requests ask for it from then on. */
export function OnProgress(): OnDecorator<(event: ProgressEvent) => unknown> {
  return on('@OnProgress', { kind: 'progress' })
}

/** Makes a method hear that a list changed, or any when none is named. It gets the name of the list. The client subscribes to it. */
export function OnListChanged(list?: 'tools' | 'prompts' | 'resources'): OnDecorator<(list: 'tools' | 'prompts' | 'resources') => unknown> {
  return on('@OnListChanged', { kind: 'listChanged', list })
}

/** Makes a method hear that this resource, or one below it, changed; the client subscribes to it. Without a URI it hears of all that are watched. */
export function OnResourceUpdated(uri?: string): OnDecorator<(event: { readonly uri: string }) => unknown> {
  return on('@OnResourceUpdated', { kind: 'resourceUpdated', uri })
}

function on<M extends (...args: never) => unknown>(word: string, note: Parameters<typeof noteOn>[1]): OnDecorator<M> {
  return ((...args: readonly unknown[]) => noteOn(word, note, args)) as OnDecorator<M>
}
