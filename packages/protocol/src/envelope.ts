/** The request envelope of the stateless revisions: the reserved `_meta` keys by which each request says who asks and in which revision. */

import { Fault } from './fault.ts'
import { isObject, type JsonObject } from './json.ts'
import type { ClientCapabilities } from './model/capability.ts'
import type { Implementation } from './model/implementation.ts'
import { isLoggingLevel, type LoggingLevel } from './model/log.ts'

/** Reserved `_meta` keys (DIGEST 3.2). */
export const META = {
  version: 'io.modelcontextprotocol/protocolVersion',
  capabilities: 'io.modelcontextprotocol/clientCapabilities',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscription: 'io.modelcontextprotocol/subscriptionId',
} as const

/** What a stateless request says of itself. `version` is any string: whether we speak it is decided later. */
export interface Envelope {
  readonly version: string
  readonly capabilities: ClientCapabilities
  readonly info: Implementation | undefined
  readonly logLevel: LoggingLevel | undefined
}

/** Whether params make any claim to be a stateless request. A claim that is malformed is an error, never something else (S-VER-12). */
export function claimsEnvelope(params: JsonObject | undefined): boolean {
  const meta = params?.['_meta']
  return isObject(meta) && (META.version in meta || META.capabilities in meta || META.clientInfo in meta || META.logLevel in meta)
}

/** Reads the envelope, or says all that is missing or malformed (S-META-01, S-META-03). */
export function readEnvelope(params: JsonObject | undefined): Envelope | Fault {
  const meta = params?.['_meta']
  if (!isObject(meta)) return refusal([...REQUIRED], `params._meta ${stateOf(meta)}: expected an object with ${REQUIRED.join(' and ')}`)
  const version = meta[META.version]
  const capabilities = meta[META.capabilities]
  const info = meta[META.clientInfo]
  const logLevel = meta[META.logLevel]
  const wrong: string[] = []
  if (typeof version !== 'string') wrong.push(META.version)
  if (!isObject(capabilities)) wrong.push(META.capabilities)
  if (info !== undefined && !isInfo(info)) wrong.push(META.clientInfo)
  if (logLevel !== undefined && !isLoggingLevel(logLevel)) wrong.push(META.logLevel)
  if (wrong.length > 0) return refusal(wrong, wrong.map(key => describe(key, meta[key])).join('; '))
  return { version, capabilities, info, logLevel } as Envelope
}

const REQUIRED = [META.version, META.capabilities] as const

const EXPECTED: ReadonlyMap<string, string> = new Map([
  [META.version, 'a string'],
  [META.capabilities, 'an object of ClientCapabilities'],
  [META.clientInfo, 'an Implementation with name and version'],
  [META.logLevel, 'one of the eight RFC 5424 level names'],
])

function describe(key: string, value: unknown): string {
  return `params._meta["${key}"] ${stateOf(value)}: expected ${EXPECTED.get(key)}`
}

function stateOf(value: unknown): string {
  return value === undefined ? 'is missing' : 'is malformed'
}

function refusal(keys: readonly string[], text: string): Fault {
  return new Fault('INVALID_ENVELOPE', text, { data: { envelope: keys } })
}

/** Whether a value is an Implementation: name and version at least. */
export function isInfo(value: unknown): value is Implementation {
  return isObject(value) && typeof value['name'] === 'string' && typeof value['version'] === 'string'
}
