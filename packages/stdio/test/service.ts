/** A service with just enough methods to try a transport with. It knows no revision and no session. */
import {
  encodeFault,
  encodeNotice,
  encodeResult,
  Fault,
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

export class BareService implements Service {
  readonly revisions = []
  readonly received: Incoming[] = []
  readonly reports: unknown[] = []
  readonly ends: unknown[] = []
  /** Of every connection, the oldest first. */
  readonly links: Link[] = []
  readonly methods = new Map<string, Method>([
    ['echo', (params, reply) => reply(params)],
    ['later', (params, reply) => setTimeout(() => reply(params), params['ms'] as number)],
    ['hang', () => undefined],
    ['hang-busy', () => setInterval(() => undefined, 60_000)],
  ])

  connect(link: Link): ServerReceiver {
    this.links.push(link)
    /** Replies to `subscribe`, a request that is answered only when the connection winds down. */
    const subscribed: (() => void)[] = []
    const finish = (): void => {
      for (const end of subscribed.splice(0)) end()
    }
    const inFlight = new Set<RequestId>()
    const subscribe: Method = (_, reply) => subscribed.push(() => reply({ drained: true }))
    const request = ({ id, method, params = {} }: RequestMessage): void => {
      const run = method === 'subscribe' ? subscribe : this.methods.get(method)
      if (run === undefined) return refuse(id, new Fault('METHOD_NOT_FOUND'))
      inFlight.add(id)
      const reply = (result: object): void => {
        inFlight.delete(id)
        void link.send({ kind: 'reply', id, text: encodeResult(id, JSON.stringify(result)) })
      }
      void run(params, reply, link)
    }
    const refuse = (id: RequestId | undefined, fault: Fault): void => void link.send({ kind: 'reply', text: encodeFault(id, fault).text })
    return {
      session: undefined,
      get inFlight() {
        return inFlight.size
      },
      receive: message => {
        this.received.push(message)
        if (message.kind === 'request') request(message)
        else if (message.kind === 'notice') process.stderr.write(`HEARD ${message.method}\n`)
        else if (message.kind === 'invalid') refuse(message.id, message.fault)
      },
      finish,
      drain: finish,
      closed: cause => void this.ends.push(cause),
    }
  }

  exchange(): undefined {}

  report(cause: unknown): void {
    this.reports.push(cause)
  }
}

/** Sends notices as fast as the link takes them, `count` of `size` characters. */
export async function flood(link: Link, count: number, size: number): Promise<void> {
  const text = encodeNotice('data', { data: 'x'.repeat(size) })
  for (let i = 0; i < count; i++) await link.send({ kind: 'notice', text })
}
