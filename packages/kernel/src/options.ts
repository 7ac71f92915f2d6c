/** What a server is made with, and what it says and speaks by that. */

import { REVISIONS, type Bus, type Clock, type Duration, type Icon, type Implementation, type Revision } from '@oarlock/protocol'
import type { CacheHint } from './catalog/component.ts'
import type { Container } from './container.ts'
import type { StateOptions } from './edge/state.ts'
import type { Extension } from './extension.ts'
import type { DeclaredFeatures } from './features.ts'
import type { TemplateEngine } from './template-engine.ts'

/** Methods whose results carry a caching hint, for `cache`. */
export type Cacheable = 'server/discover' | 'tools/list' | 'resources/list' | 'resources/templates/list' | 'prompts/list' | 'resources/read'

/** What a server is made with. Only name and version are needed. */
export interface ServerOptions {
  readonly name: string
  readonly version: string
  readonly title?: string
  readonly description?: string
  readonly websiteUrl?: string
  readonly icons?: readonly Icon[]
  /** Guidance for the model that uses this server. */
  readonly instructions?: string
  /** Revisions to speak; all when absent. */
  readonly revisions?: readonly Revision[]
  /**
   * Refuses requests of a session but `ping` until `initialize` is answered. Off when absent: over stdio and WebSocket they are served as of 2025-03-26, as by
   * most servers. Over HTTP a session begins with `initialize` in any case, and requests that stand alone (`sessions: false`, 2026-07-28) need none.
   */
  readonly requireInitialize?: boolean
  /** Entries in one page of a list. 1,000 when absent. */
  readonly pageSize?: number
  /** Features to declare before anything of their kind is offered, or to leave out. */
  readonly features?: DeclaredFeatures
  readonly extensions?: readonly Extension[]
  /** Caching hints by method. */
  readonly cache?: Readonly<Partial<Record<Cacheable, CacheHint>>>
  /** How `requestState` is sealed. Give `secrets` when several processes serve one endpoint. */
  readonly state?: StateOptions
  readonly templates?: TemplateEngine
  /** Turn strings of tool arguments into what the schema wants. Off when absent: models are told what is wrong. */
  readonly coerce?: boolean
  /**
   * `portable` lists tools with schemas rewritten in the words that the most clients and models understand; what they sent is still checked by the
   * schemas as written. Absent, schemas are listed as written, and `check()` warns.
   */
  readonly schema?: 'portable'
  /** Fill absent arguments from their schema's `default`. On when absent. */
  readonly defaults?: boolean
  readonly limits?: ServerLimits
  /** Carries facts between processes that serve one endpoint. */
  readonly bus?: Bus
  readonly clock?: Clock
  /** Where errors go that peers are not told of: the console's error stream when absent, nowhere with false. */
  readonly log?: false
}

/** Bounds of a server. Everything a client can make grow has one. */
export interface ServerLimits {
  /** Requests of one connection under way. 1,024 when absent. */
  readonly inFlight?: number
  /** Subscription streams of one caller, of all anonymous ones together, and of all. 100, half of all, and 10,000. */
  readonly streams?: number
  readonly anonymousStreams?: number
  readonly allStreams?: number
  /** Subscribed URIs of one caller, of all anonymous ones together, and of all. 1,000, half of all, and 100,000. */
  readonly uris?: number
  readonly anonymousUris?: number
  readonly allUris?: number
  /** How long a client may take to answer a question. Ten minutes. */
  readonly ask?: Duration
  /** How long facts are collected before they are told. 50 ms. */
  readonly coalesce?: Duration
  /**
   * Bytes of JSON that the result of a tool may take. Instead of a larger one the model is told to narrow its arguments or to page: most clients cut
   * at about 25,000 tokens, which is near 100,000 bytes of English. No limit when absent.
   */
  readonly resultBytes?: number
}

/** How something is offered. */
export interface OfferOptions {
  /** Makes an object of each class that is offered; its `inject()` fields take from here. */
  readonly container?: Container
}

/** How a server closes. */
export interface CloseOptions {
  /** How long work under way may take to finish. 10 s when absent. */
  readonly within?: Duration
}

/** What the server says of itself. */
export function infoOf({ name, version, title, description, websiteUrl, icons }: ServerOptions): Implementation {
  const known = Object.entries({ name, version, title, description, websiteUrl, icons }).filter(([, value]) => value !== undefined)
  return Object.fromEntries(known) as unknown as Implementation
}

/** The revisions to speak, oldest first. @throws TypeError when there is none among them */
export function spokenRevisions(wanted: readonly Revision[] | undefined): readonly Revision[] {
  const spoken = REVISIONS.filter(revision => wanted?.includes(revision) ?? true)
  if (spoken.length === 0) throw new TypeError(`revisions must name at least one of ${REVISIONS.join(', ')}`)
  return spoken
}
