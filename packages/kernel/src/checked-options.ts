/** What types would have said about the options of a server, for those who write without them. */

import { checkBounds, checkOptions, type OptionNames } from '@oarlock/protocol'
import type { StateOptions } from './edge/state.ts'
import type { DeclaredFeatures } from './features.ts'
import { checkedHint, type Hint } from './hint.ts'
import type { Cacheable, CloseOptions, OfferOptions, ServerLimits, ServerOptions } from './options.ts'

const SERVER: OptionNames<ServerOptions> = {
  name: true,
  version: true,
  title: true,
  description: true,
  websiteUrl: true,
  icons: true,
  instructions: true,
  revisions: true,
  requireInitialize: true,
  pageSize: true,
  features: true,
  extensions: true,
  cache: true,
  state: true,
  templates: true,
  coerce: true,
  schema: true,
  defaults: true,
  limits: true,
  bus: true,
  clock: true,
  log: true,
}

const LIMITS: OptionNames<ServerLimits> = {
  inFlight: true,
  streams: true,
  anonymousStreams: true,
  allStreams: true,
  uris: true,
  anonymousUris: true,
  allUris: true,
  ask: true,
  coalesce: true,
  resultBytes: true,
}

const STATE: OptionNames<StateOptions> = { secrets: true, ttl: true, singleUse: true }

const FEATURES: OptionNames<DeclaredFeatures> = { tools: true, resources: true, prompts: true, completions: true, logging: true }

const CACHEABLE: OptionNames<Record<Cacheable, unknown>> = {
  'server/discover': true,
  'tools/list': true,
  'resources/list': true,
  'resources/templates/list': true,
  'prompts/list': true,
  'resources/read': true,
}

const OFFER: OptionNames<OfferOptions> = { container: true }

const CLOSE: OptionNames<CloseOptions> = { within: true }

/** Refuses what is no option of a server, or is none that could work. @throws TypeError */
export function checkServerOptions(options: ServerOptions): void {
  if (typeof options?.name !== 'string' || typeof options.version !== 'string') {
    throw new TypeError("new Server needs a name and a version: new Server({ name: 'weather', version: '1.0.0' })")
  }
  checkOptions(options, SERVER, 'a server')
  checkOptions(options.limits, LIMITS, 'limits of a server')
  checkOptions(options.state, STATE, 'state of a server')
  checkOptions(options.features, FEATURES, 'features of a server')
  checkCounts(options.limits ?? {})
}

function checkCounts({ ask: _ask, coalesce: _coalesce, resultBytes, ...counts }: ServerLimits): void {
  checkBounds(counts, 'limits.')
  if (resultBytes !== undefined && (!Number.isSafeInteger(resultBytes) || resultBytes < 1))
    throw new TypeError('limits.resultBytes must be a positive integer')
}

/** Refuses what is no option of an offer. @throws TypeError */
export function checkOfferOptions(options: OfferOptions): void {
  checkOptions(options, OFFER, 'server.offer()')
}

/** Refuses what is no option of closing. @throws TypeError */
export function checkCloseOptions(options: CloseOptions): void {
  checkOptions(options, CLOSE, 'server.close()')
}

/** @throws TypeError */
export function checkedPageSize(size: number): number {
  if (!Number.isInteger(size) || size < 1) throw new TypeError('pageSize must be a positive integer')
  return size
}

/** A hint for each method that carries one. @throws TypeError for a hint that clients could not use, or a method that carries none */
export function hintsOf(cache: ServerOptions['cache'] = {}): ReadonlyMap<string, Hint> {
  const unknown = Object.keys(cache).find(method => !Object.hasOwn(CACHEABLE, method))
  if (unknown !== undefined) throw new TypeError(`cache: the results of ${unknown} carry no caching hint`)
  return new Map(Object.keys(CACHEABLE).map(method => [method, checkedHint(cache[method as Cacheable])]))
}
