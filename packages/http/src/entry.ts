/** The first steps of every request: host and origin, preflight, authentication (DIGEST 3.7). Written once for all that HTTP carries. */

import { Anonymous, type Authenticate, type AuthVerdict, Fault, isThenable, ONE_CREDENTIAL, type Service } from '@oarlock/protocol'
import { EMPTY_HEAD, refuse } from './answer.ts'
import { Gate, type GateOptions } from './gate.ts'
import { HttpHead } from './head.ts'
import type { Turn } from './turn.ts'

/** What lies behind an entry. */
export interface Inside {
  /** The HTTP methods that are taken, for `Allow`. */
  readonly methods: string
  /** A request that may come in. Who it acts for is on its head. */
  admitted(turn: Turn, head: HttpHead): void
}

/** Lets requests in. */
export class Entry {
  readonly #gate: Gate
  readonly #authenticate: Authenticate | undefined
  readonly #service: Service
  readonly #inside: Inside

  constructor(service: Service, options: GateOptions & { readonly authenticate?: Authenticate | undefined }, inside: Inside) {
    this.#service = service
    this.#gate = new Gate(options)
    this.#authenticate = options.authenticate
    this.#inside = inside
  }

  /** Takes a request through the steps. Answers it or hands it on, now or later; never throws. */
  handle(turn: Turn): void {
    const origin = turn.headers.get('origin')
    if (!this.#gate.admits(turn.host, origin)) return refuse(turn, this.#foreign(turn.host, origin))
    if (origin !== undefined) turn.extra = this.#gate.headersFor(origin)
    if (turn.method === 'OPTIONS') return this.#preflight(turn)
    const head = new HttpHead(turn)
    const authenticate = this.#authenticate
    if (authenticate === undefined) return this.#inside.admitted(turn, head)
    if (turn.repeatsAuthorization) return refuse(turn, new Fault('INVALID_REQUEST', ONE_CREDENTIAL))
    try {
      const verdict = authenticate(head)
      if (!isThenable(verdict)) return this.#authenticated(turn, head, verdict)
      verdict.then(
        settled => this.#authenticated(turn, head, settled),
        (cause: unknown) => this.#unverified(turn, cause),
      )
    } catch (cause) {
      this.#unverified(turn, cause)
    }
  }

  #foreign(host: string | undefined, origin: string | undefined): Fault {
    return new Fault(
      'FOREIGN_ORIGIN',
      origin === undefined
        ? 'This Host is not allowed: name it in allowedHosts if clients use it'
        : 'This Host or Origin is not allowed: name it in allowedHosts or allowedOrigins if clients use it',
      { cause: { host, origin } },
    )
  }

  #preflight(turn: Turn): void {
    turn.answer(204, [
      ...EMPTY_HEAD,
      'Allow',
      `${this.#inside.methods}, OPTIONS`,
      ...this.#gate.preflight(turn.headers.get('access-control-request-headers')),
    ])
  }

  #authenticated(turn: Turn, head: HttpHead, verdict: AuthVerdict): void {
    if (Fault.is(verdict)) return refuse(turn, verdict)
    if (Anonymous.is(verdict)) head.challenges = verdict.challenges
    // Whoever forgets to return says nothing about who is asking; that must never mean yes.
    else if (typeof verdict?.id !== 'string')
      return this.#unverified(turn, new TypeError('authenticate returned neither a Principal nor a Fault'))
    else head.principal = verdict
    this.#inside.admitted(turn, head)
  }

  #unverified(turn: Turn, cause: unknown): void {
    if (Fault.is(cause)) return refuse(turn, cause)
    this.#service.report(cause, 'http authenticate')
    refuse(turn, new Fault('INTERNAL_ERROR'), undefined, undefined, 500)
  }
}
