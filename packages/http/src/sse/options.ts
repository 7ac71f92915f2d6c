/** What can be chosen for the old transport, HTTP+SSE. */

import type { OptionNames } from '@oarlock/protocol'
import { ENDPOINT_OPTIONS, type EndpointOptions } from '../options.ts'

/** Where a server of its own serves HTTP+SSE. */
export interface SsePaths {
  /** Where the stream is opened. `/sse` when absent. */
  readonly path?: string | undefined
  /** Where messages are posted. `/messages` when absent. */
  readonly messagesPath?: string | undefined
}

/** The names of all options. */
export const SSE_PATHS: OptionNames<SsePaths> = {
  path: true,
  messagesPath: true,
}

/** Options of a door for HTTP+SSE. */
export interface SseDoorOptions extends EndpointOptions {
  /** Where clients are told to post: a path on which the same door stands. That of the stream when absent, whatever the router calls it. */
  readonly messagesPath?: string | undefined
}

/** The names of all options. */
export const SSE_DOOR_OPTIONS: OptionNames<SseDoorOptions> = {
  ...ENDPOINT_OPTIONS,
  messagesPath: true,
}

/** A path that clients take for one: whatever begins otherwise could lead them elsewhere. @throws TypeError */
export function checkedPath(path: string): string {
  if (/^\/(?![/\\])[^?#\s\\]*$/.test(path)) return path
  throw new TypeError(`A path begins with one slash and has no query: ${JSON.stringify(path)}`)
}
