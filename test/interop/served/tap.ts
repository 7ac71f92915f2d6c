/** Listens in between an official transport and its client: every message of our server is held against the schema of its revision. */
import { isRevision, type RequestId, type Revision } from '@oarlock/protocol'
import { frameValidator } from '../../oracle/frame-validator.ts'
import type { Loose } from './guest.ts'

/** What transports of both SDKs have. */
export interface SdkTransport {
  onmessage?: ((...args: any[]) => void) | undefined
  send(...args: any[]): Promise<void>
}

/** What went over one connection. */
export class Tap {
  readonly sent: Loose[] = []
  readonly received: Loose[] = []
  /** What is wrong with what our server sent. */
  readonly violations: string[] = []
  readonly #methods = new Map<RequestId, string>()
  #revision: Revision = '2025-11-25'

  /** Taps a transport before it is handed to a client. */
  constructor(transport: SdkTransport, revision?: Revision) {
    if (revision !== undefined) this.#revision = revision
    const send = transport.send.bind(transport)
    transport.send = (message, ...rest) => {
      this.#sent(message as Loose)
      return send(message, ...rest)
    }
    let handler: SdkTransport['onmessage']
    Object.defineProperty(transport, 'onmessage', {
      configurable: true,
      get: () => handler && this.#heard(handler),
      set: (given: SdkTransport['onmessage']) => {
        handler = given
      },
    })
  }

  #heard(handler: NonNullable<SdkTransport['onmessage']>): NonNullable<SdkTransport['onmessage']> {
    return (message, ...rest) => {
      this.#received(message as Loose)
      handler(message, ...rest)
    }
  }

  #sent(message: Loose): void {
    this.sent.push(message)
    if (message['id'] !== undefined && message['method'] !== undefined)
      this.#methods.set(message['id'] as RequestId, message['method'] as string)
  }

  #received(message: Loose): void {
    this.received.push(message)
    const method = this.#methods.get(message['id'] as RequestId)
    const answered: unknown = message['result']?.protocolVersion
    if (method === 'initialize' && typeof answered === 'string' && isRevision(answered)) this.#revision = answered
    const wrong = frameValidator(this.#revision)(message, method === undefined || message['method'] !== undefined ? {} : { method })
    this.violations.push(
      ...wrong.map(each => `${this.#revision} ${method ?? String(message['method'])}: ${each}\n${JSON.stringify(message)}`),
    )
  }
}
