/** The leg of a server without session revisions: it says which revisions there are. */

import { Fault, readEnvelope, unsupportedVersion, type BatchMessage, type JsonObject, type Message, type Revision } from '@oarlock/protocol'
import { accept, refuse } from '../answer.ts'
import { methodFault } from '../method-fault.ts'
import type { HttpHead } from '../head.ts'
import type { Turn } from '../turn.ts'
import type { LegacyLeg } from './leg.ts'

/** Serves a server whose revisions are all stateless. */
export class ModernOnly implements LegacyLeg {
  readonly methods = 'POST'
  readonly #revisions: readonly Revision[]

  constructor(revisions: readonly Revision[]) {
    this.#revisions = revisions
  }

  post(turn: Turn, _head: HttpHead, message: Message | BatchMessage): void {
    switch (message.kind) {
      case 'request':
        return refuse(turn, this.#fault(message.method, message.params), message.id)
      case 'notice':
        return accept(turn)
      default:
        refuse(turn, new Fault('INVALID_REQUEST', 'This server takes one request at a time and no replies'))
    }
  }

  // A client of an earlier revision shows its user nothing but the message, so it names the versions (S-VER-16).
  #fault(method: string, params: JsonObject | undefined): Fault {
    const version = params?.['protocolVersion']
    if (method === 'initialize' && typeof version === 'string') return unsupportedVersion(version, this.#revisions)
    return readEnvelope(params) as Fault
  }

  get(turn: Turn): void {
    refuse(turn, methodFault(this.methods))
  }

  delete(turn: Turn): void {
    refuse(turn, methodFault(this.methods))
  }

  close(): void {}
}
