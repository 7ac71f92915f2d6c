/** A service with just enough methods to try a transport with. It knows no revision and no session. */
import {
  encodeFault,
  encodeNotice,
  encodeResult,
  Fault,
  type Head,
  type Incoming,
  type Link,
  type RequestId,
  type RequestMessage,
  type ServerReceiver,
  type Service,
} from '@oarlock/protocol'

type Params = Record<string, unknown>

/** What a request does. `reply` may be called later; a method that never calls it hangs. */
type Method = (params: Params, reply: (result: object) => void, link: Link) => unknown

/** One connection, as the service saw it. */
export interface Seen {
  readonly link: Link
  readonly head: Head
  /** Resolves when it ended, with the cause. */
  readonly closed: Promise<unknown>
}

export class BareService implements Service {
  readonly revisions = []
  readonly received: Incoming[] = []
  readonly reports: [cause: unknown, where: string][] = []
  readonly connections: Seen[] = []
  readonly methods = new Map<string, Method>([
    ['echo', (params, reply) => reply(params)],
    ['big', (params, reply) => reply({ data: 'x'.repeat(params['size'] as number) })],
    ['hang', () => undefined],
  ])
  #waiting: ((seen: Seen) => void)[] = []

  connect(link: Link, head: Head): ServerReceiver {
    let end: (cause: unknown) => void = () => undefined
    const closed = new Promise<unknown>(resolve => {
      end = resolve
    })
    const seen = { link, head, closed }
    this.connections.push(seen)
    for (const found of this.#waiting.splice(0)) found(seen)
    const inFlight = new Set<RequestId>()
    const refuse = (id: RequestId | undefined, fault: Fault): void => void link.send({ kind: 'reply', text: encodeFault(id, fault).text })
    const request = ({ id, method, params = {} }: RequestMessage): void => {
      const run = this.methods.get(method)
      if (run === undefined) return refuse(id, new Fault('METHOD_NOT_FOUND'))
      inFlight.add(id)
      const reply = (result: object): void => {
        inFlight.delete(id)
        void link.send({ kind: 'reply', id, text: encodeResult(id, JSON.stringify(result)) })
      }
      void run(params, reply, link)
    }
    return {
      session: undefined,
      get inFlight() {
        return inFlight.size
      },
      receive: message => {
        this.received.push(message)
        if (message.kind === 'request') request(message)
        else if (message.kind === 'invalid') refuse(message.id, message.fault)
      },
      closed: end,
    }
  }

  /** The next connection. */
  next(): Promise<Seen> {
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  exchange(): undefined {}

  report(cause: unknown, where: string): void {
    this.reports.push([cause, where])
  }
}

/** Sends notices as fast as the link takes them, `count` of `size` characters. Resolves when it took them all. */
export async function flood(link: Link, count: number, size: number): Promise<void> {
  const text = encodeNotice('data', { data: 'x'.repeat(size) })
  for (let i = 0; i < count; i++) await link.send({ kind: 'notice', text })
}
