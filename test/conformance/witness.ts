/** Tells the process that started the fixtures how many HTTP requests they have seen: by its results alone, the suite cannot tell a dead server. */

import { subscribe } from 'node:diagnostics_channel'

/** What the fixtures say to whoever started them. */
export interface Word {
  /** Said once, when they can be reached. */
  readonly address?: string
  /** Said whenever asked. */
  readonly requests?: number
}

/** Reports to the parent process if it opened a channel, and ends with it. */
export function bearWitness(address: string): void {
  if (process.send === undefined) return
  let requests = 0
  subscribe('http.server.request.start', () => {
    requests += 1
  })
  process.on('message', () => process.send?.({ requests } satisfies Word))
  process.on('disconnect', () => process.exit())
  process.send({ address } satisfies Word)
}
