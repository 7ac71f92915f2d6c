/** The library underneath, loaded when it is first needed: it costs more than all of our own (SPEED). */

import type * as Library from 'ws'

let loading: Promise<typeof Library> | undefined

/** `ws`. On platforms other than Node it is not there, or does nothing. */
export function loadWs(): Promise<typeof Library> {
  return (loading ??= import('ws'))
}
