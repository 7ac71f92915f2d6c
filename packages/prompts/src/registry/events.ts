/** What happened to the prompts of a registry, as past-tense facts. */

import type { Principal } from '@oarlock/protocol'
import { EventEmitter } from 'eventemitter3'
import type { Hosts } from './hosts.ts'
import type { PromptProblem } from './problem.ts'

interface Rendering {
  /** As in the server's own events and log. */
  readonly correlationId: string
  readonly name: string
  readonly version: string | undefined
  /** The variant that was chosen; undefined for a prompt without variants, and for what failed before one was chosen. */
  readonly variant: string | undefined
  readonly principal: Principal | undefined
}

/** A prompt became messages. */
export interface PromptRendered extends Rendering {
  readonly ms: number
  /** Estimate of the tokens of all messages. */
  readonly tokens: number
  readonly messages: number
}

/** A prompt could not be rendered: its template failed, or its `values`, or the choice of its variant. */
export interface PromptFailed extends Rendering {
  readonly ms: number
  readonly cause: unknown
}

/** Somebody was given a variant of an experiment that is under way, for the first time among the last 10,000 who were. */
export interface PromptExposed extends Rendering {
  readonly variant: string
  /** Whose choice it was: `principal:alice`, `session:…`, `client:…`, or what the option `subject` said. */
  readonly subject: string
}

/** Prompts came, went or changed. */
export interface PromptsChanged {
  /** Names with versions (`review@1.2.0`), and fragments. */
  readonly put: readonly string[]
  readonly removed: readonly string[]
}

/** The facts of a registry, by name. Payloads are read-only. */
export interface RegistryEvents {
  'prompt.rendered': (event: PromptRendered) => void
  'prompt.failed': (event: PromptFailed) => void
  'prompt.exposed': (event: PromptExposed) => void
  'prompts.changed': (event: PromptsChanged) => void
  /** What a change to a watched folder, or a pin, got wrong. Without a listener the option `report` is told, else the server's `error.reported`. */
  'problems.found': (event: { readonly problems: readonly PromptProblem[] }) => void
}

/** The emitter of one registry. A listener that throws, or whose promise rejects, hurts nobody else: the servers report it. */
export class Events {
  readonly #emitter = new EventEmitter<RegistryEvents>()
  readonly #hosts: Hosts

  constructor(hosts: Hosts) {
    this.#hosts = hosts
  }

  on<E extends keyof RegistryEvents>(event: E, listener: RegistryEvents[E]): () => void {
    const safe = ((payload: never) => {
      this.#hosts.tell(() => (listener as (payload: never) => unknown)(payload), `listener of ${event}`)
    }) as never
    this.#emitter.on(event, safe)
    return () => void this.#emitter.off(event, safe)
  }

  /** Whether anybody listens: payloads are made only then. */
  wants(event: keyof RegistryEvents): boolean {
    return this.#emitter.listenerCount(event) > 0
  }

  emit<E extends keyof RegistryEvents>(event: E, payload: Parameters<RegistryEvents[E]>[0]): void {
    this.#emitter.emit(event, ...([payload] as never))
  }
}
