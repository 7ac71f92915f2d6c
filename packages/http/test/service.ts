/** A small server behind the `Service` port: enough of both conversations to see what HTTP does with them. */
import {
  encodeFault,
  encodeNotice,
  encodeRequest,
  encodeResult,
  Fault,
  principalKey,
  REVISIONS,
  type Exchange,
  type Head,
  type Incoming,
  type Link,
  type Message,
  type RequestId,
  type RequestMessage,
  type Revision,
  type Running,
  type ServerReceiver,
  type Service,
  type SessionRecord,
  type StatelessVerdict,
} from '@oarlock/protocol'

/** A promise with its handles outside. */
export class Deferred<T = void> {
  resolve!: (value: T) => void
  readonly promise = new Promise<T>(resolve => {
    this.resolve = resolve
  })
}

const toolOf = (message: RequestMessage): string => (message.params?.['name'] as string | undefined) ?? message.method
const argsOf = (message: RequestMessage): Record<string, any> => (message.params?.['arguments'] ?? {}) as Record<string, any>
export const progress = (n: number): string => encodeNotice('notifications/progress', { progressToken: 't', progress: n })
const textResult = (text: string): string => JSON.stringify({ content: [{ type: 'text', text }], resultType: 'complete' })

/** Work that a test holds in its hand. */
export class Held implements Running {
  readonly id: RequestId
  readonly message: RequestMessage
  readonly head: Head
  readonly notify: (text: string) => void | PromiseLike<void>
  readonly answer: (text?: string, status?: number, headers?: Record<string, string>) => void
  readonly cancelled = new Deferred<unknown>()
  isCancelled = false

  constructor(
    message: RequestMessage,
    head: Head,
    notify: Held['notify'],
    answer: (text: string, status: number, headers?: Record<string, string>) => void,
  ) {
    this.id = message.id
    this.message = message
    this.head = head
    this.notify = notify
    this.answer = (text = encodeResult(message.id, textResult('held')), status = 200, headers) => answer(text, status, headers)
  }

  cancel(reason: unknown): void {
    this.isCancelled = true
    this.cancelled.resolve(reason)
  }
}

/**
 * Tools: `echo` answers at once, `progress` sends `n` notices first, `hold` waits for the test (`next()`), `fail` answers with a fault,
 * `throw` throws, `headers` answers with the headers in its arguments; in a session also `ask` (a question to the client) and `news`
 * (a notice about no request).
 */
export class TestService implements Service {
  revisions: readonly Revision[] = REVISIONS
  readonly reports: { cause: unknown; where: string }[] = []
  readonly connections: Connection[] = []
  readonly heads: Head[] = []
  #waiting: Deferred<Held>[] = []
  #held: Held[] = []

  /** The next piece of work that a `hold` began. */
  next(): Promise<Held> {
    const held = this.#held.shift()
    if (held !== undefined) return Promise.resolve(held)
    const deferred = new Deferred<Held>()
    this.#waiting.push(deferred)
    return deferred.promise
  }

  hold(held: Held): Held {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#held.push(held)
    else waiting.resolve(held)
    return held
  }

  exchange(exchange: Exchange, message: RequestMessage, verdict: StatelessVerdict): Running | undefined {
    this.heads.push(exchange.head)
    const answer = (text: string, status = 200, headers?: Record<string, string>): void => exchange.answer(text, status, headers)
    return this.run(message, exchange.head, verdict.revision, text => exchange.notify(text), answer)
  }

  run(
    message: RequestMessage,
    head: Head,
    revision: Revision,
    notify: (text: string) => void | PromiseLike<void>,
    answer: (text: string, status: number, headers?: Record<string, string>) => void,
  ): Running | undefined {
    const args = argsOf(message)
    const fault = (fault: Fault): void => {
      const { text, status } = encodeFault(message.id, fault, revision)
      answer(text, status, fault.headers)
    }
    switch (toolOf(message)) {
      case 'echo':
        answer(encodeResult(message.id, textResult(String(args['text'] ?? 'hello'))), 200)
        return undefined
      case 'progress':
        for (let i = 1; i <= args['n']; i++) void notify(progress(i))
        answer(encodeResult(message.id, textResult('done')), 200)
        return undefined
      case 'late':
        void Promise.resolve().then(() => answer(encodeResult(message.id, textResult('late')), 200))
        return { id: message.id, cancel() {} }
      case 'headers':
        answer(encodeResult(message.id, textResult('x')), 200, args as Record<string, string>)
        return undefined
      case 'whoami':
        answer(encodeResult(message.id, textResult(principalKey(head.principal))), 200)
        return undefined
      case 'fail':
        fault(new Fault(args['fault']))
        return undefined
      case 'throw':
        throw new Error('a secret')
      case 'hold':
        return this.hold(new Held(message, head, notify, answer))
      case 'tools/list':
        answer(encodeResult(message.id, '{"tools":[],"resultType":"complete"}'), 200)
        return undefined
      default:
        fault(new Fault('METHOD_NOT_FOUND'))
        return undefined
    }
  }

  connect(link: Link, head: Head, resume?: SessionRecord): ServerReceiver {
    const connection = new Connection(this, link, head, resume)
    this.connections.push(connection)
    return connection
  }

  report(cause: unknown, where: string): void {
    this.reports.push({ cause, where })
  }
}

/** A session of the test server. */
export class Connection implements ServerReceiver {
  session: SessionRecord | undefined
  readonly received: Incoming[] = []
  readonly resumed: boolean
  isClosed = false
  readonly ended = new Deferred<unknown>()
  readonly link: Link
  readonly head: Head
  readonly #service: TestService
  readonly #asked = new Map<RequestId, (reply: Message) => void>()
  readonly #running = new Map<RequestId, Running>()
  #asks = 0

  constructor(service: TestService, link: Link, head: Head, resume: SessionRecord | undefined) {
    this.#service = service
    this.link = link
    this.head = head
    this.session = resume
    this.resumed = resume !== undefined
  }

  get inFlight(): number {
    return this.#running.size
  }

  receive(message: Incoming, head: Head = this.head): void {
    this.received.push(message)
    switch (message.kind) {
      case 'request':
        return this.#request(message, head, (text, status, headers) => {
          this.#running.delete(message.id)
          void this.link.send({ kind: 'reply', text, id: message.id, status, ...(headers === undefined ? {} : { headers }) })
        })
      case 'notice':
        if (message.method === 'notifications/initialized' && this.session !== undefined)
          this.session = { ...this.session, initialized: true }
        if (message.method === 'notifications/cancelled') this.#running.get(message.params?.['requestId'] as RequestId)?.cancel('cancelled')
        return
      case 'reply':
        this.#asked.get(message.id as RequestId)?.(message)
        return
      case 'batch':
        return this.#batch(message.items, head)
      default:
    }
  }

  #batch(items: readonly Incoming[], head: Head): void {
    const requests = items.filter(item => item.kind === 'request')
    const texts: string[] = items.flatMap(item =>
      item.kind === 'invalid' ? [encodeFault(item.id, item.fault, this.session?.revision).text] : [],
    )
    let left = requests.length
    for (const request of requests) {
      this.#request(request, head, text => {
        texts.push(text)
        left -= 1
        if (left === 0) void this.link.send({ kind: 'reply', text: `[${texts.join(',')}]`, id: requests[0]!.id })
      })
    }
  }

  #request(message: RequestMessage, head: Head, answer: (text: string, status: number, headers?: Record<string, string>) => void): void {
    const revision = this.session?.revision ?? '2025-11-25'
    if (message.method === 'initialize') return this.#initialize(message, head, answer)
    switch (toolOf(message)) {
      case 'ask':
        return this.ask(message.id, reply => answer(encodeResult(message.id, textResult(JSON.stringify(reply))), 200))
      case 'news':
        void this.news('tools')
        return answer(encodeResult(message.id, '{}'), 200)
      default: {
        const notify = (text: string): void | PromiseLike<void> =>
          this.link.send({ kind: 'notice', text, about: message.id, method: 'notifications/progress' })
        const running = this.#service.run(message, head, revision, notify, answer)
        if (running !== undefined) this.#running.set(message.id, running)
      }
    }
  }

  ask(about: RequestId | undefined, done: (result: unknown) => void): void {
    const id = `s${++this.#asks}`
    this.#asked.set(id, reply => done(reply.kind === 'reply' ? reply.result : undefined))
    void this.link.send({
      kind: 'request',
      text: encodeRequest(id, 'roots/list'),
      id,
      method: 'roots/list',
      ...(about === undefined ? {} : { about }),
    })
  }

  news(what: string): void | PromiseLike<void> {
    return this.link.send({
      kind: 'notice',
      text: encodeNotice(`notifications/${what}/list_changed`),
      method: `notifications/${what}/list_changed`,
    })
  }

  #initialize(message: RequestMessage, head: Head, answer: (text: string, status: number) => void): void {
    const asked = message.params?.['protocolVersion'] as Revision
    if ((asked as string) === 'refuse') {
      const { text, status } = encodeFault(message.id, new Fault('INVALID_PARAMS'), '2025-11-25')
      return answer(text, status)
    }
    const revision = REVISIONS.includes(asked) && asked !== '2026-07-28' ? asked : '2025-11-25'
    this.session = {
      id: this.head.session ?? '',
      owner: principalKey(head.principal),
      revision,
      info: undefined,
      capabilities: {},
      initialized: false,
    }
    answer(
      encodeResult(message.id, JSON.stringify({ protocolVersion: revision, capabilities: {}, serverInfo: { name: 't', version: '1' } })),
      200,
    )
  }

  closed(cause?: unknown): void {
    this.isClosed = true
    this.ended.resolve(cause)
  }
}
