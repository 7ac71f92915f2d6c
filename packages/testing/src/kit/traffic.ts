/** Everything that crosses one connection, in both directions, in order: kept, waited for, and held against the official schemas. */

import type { Duration } from '@oarlock/protocol'
import {
  isRevision,
  META,
  NEWEST_SESSION,
  type Connector,
  type Frame,
  type Incoming,
  type RequestId,
  type Revision,
} from '@oarlock/protocol'
import { AsyncLocalStorage } from 'node:async_hooks'
import type { Json } from '../raw.ts'
import { Waiting } from '../waiting.ts'

/** A message that crossed. */
export interface Crossing {
  readonly side: 'sent' | 'came'
  /** As on the wire. A batch is a list. */
  readonly message: Json | readonly Json[]
  /** Of a reply: the method it answers. */
  readonly answers?: string
  readonly revision: Revision
  /** On whose behalf the request was made, and so its reply came. */
  readonly owner?: object
}

interface Asked {
  readonly method: string
  readonly revision: Revision
  readonly owner: object | undefined
}

/** The traffic of a connection. */
export class Traffic {
  readonly crossings: Crossing[] = []
  readonly #owners = new AsyncLocalStorage<object>()
  readonly #asked = new Map<RequestId, Asked>()
  readonly #waiting = new Waiting<Crossing>()
  #revision: Revision = NEWEST_SESSION

  /** Does `work`; what it sends is remembered as sent for `owner`. */
  for<T>(owner: object, work: () => T): T {
    return this.#owners.run(owner, work)
  }

  /** What crossed for an owner. */
  of(owner: object): readonly Crossing[] {
    return this.crossings.filter(crossing => crossing.owner === owner)
  }

  /** The next crossing that passes. Rejects after `timeout`. */
  next(test: (crossing: Crossing) => boolean, timeout: Duration, what: string): Promise<Crossing> {
    return this.#waiting.next(test, timeout, what)
  }

  /** The same connector, listened to. */
  recorded(connector: Connector): Connector {
    return {
      ...connector,
      connect: async (receiver, signal) => {
        const link = await connector.connect(
          {
            receive: message => {
              this.#came(message)
              receiver.receive(message)
            },
            ...(receiver.failed === undefined ? {} : { failed: (id: RequestId, cause: unknown) => receiver.failed?.(id, cause) }),
            closed: cause => receiver.closed(cause),
          },
          signal,
        )
        const send = link.send.bind(link)
        link.send = frame => {
          this.#sent(frame)
          return send(frame)
        }
        return link
      },
    }
  }

  #sent(frame: Frame): void {
    const message = JSON.parse(frame.text) as Json
    const owner = this.#owners.getStore()
    const { id, method } = message as { id?: RequestId; method?: string }
    const revision = claimed(message) ?? this.#revision
    if (id !== undefined && method !== undefined) this.#asked.set(id, { method, revision, owner })
    this.#add({ side: 'sent', message, revision, ...(owner === undefined ? {} : { owner }) })
  }

  #came(incoming: Incoming): void {
    const asked = incoming.kind === 'reply' && incoming.id !== undefined ? this.#asked.get(incoming.id) : undefined
    const message = incoming.kind === 'batch' ? incoming.items.map(wire) : wire(incoming)
    const version: unknown = incoming.kind === 'reply' ? incoming.result?.['protocolVersion'] : undefined
    if (asked?.method === 'initialize' && isRevision(version)) this.#revision = version
    const revision = asked === undefined || asked.method === 'initialize' ? this.#revision : asked.revision
    this.#add({
      side: 'came',
      message,
      revision,
      ...(asked === undefined ? {} : { answers: asked.method }),
      ...(asked?.owner === undefined ? {} : { owner: asked.owner }),
    })
  }

  #add(crossing: Crossing): void {
    // A server without sessions sends no notice of another revision than the last request's.
    this.#revision = crossing.side === 'sent' ? crossing.revision : this.#revision
    this.crossings.push(crossing)
    this.#waiting.offer(crossing)
  }
}

function claimed(message: Json): Revision | undefined {
  const params = message['params'] as { _meta?: Json; protocolVersion?: unknown } | undefined
  const version = params?._meta?.[META.version] ?? (message['method'] === 'initialize' ? params?.protocolVersion : undefined)
  return isRevision(version) ? version : undefined
}

/** A message that was read, as it was written. */
function wire(message: Incoming): Json {
  switch (message.kind) {
    case 'request':
    case 'notice':
    case 'reply': {
      const { kind: _kind, status: _status, ...members } = message as typeof message & { readonly status?: number }
      return JSON.parse(JSON.stringify({ jsonrpc: '2.0', ...members })) as Json
    }
    case 'invalid':
      return { unreadable: message.fault.message, ...(message.id === undefined ? {} : { id: message.id }) }
    case 'batch':
      return {}
  }
}
