/** How a provider over an HTTP API is set up. */

import { type OptionNames } from '@oarlock/protocol'
import type { Duration } from '@oarlock/kernel'
import { interval } from '../interval.ts'
import { whole } from '../whole.ts'
import { RESOURCE_PROVIDER_OPTIONS, type ResourceProviderOptions } from '../provider/options.ts'
import type { ApiPath } from './route.ts'
import { checkLiteral, type ResolveName } from './screening.ts'

/** Options of `api`. */
export interface ApiOptions extends ResourceProviderOptions {
  /** What stands before every path: `https://api.example.com/v1`. */
  readonly baseUrl: string
  /** What may be read; nothing else can be. A text is a path without further options. */
  readonly paths: readonly (string | ApiPath)[]
  /** Of the resources' URIs, whose authority is `name`. `api` when absent: `api://github/users/1`. */
  readonly scheme?: string
  /** Sent with every request. `${NAME}` is filled in from the environment, at once: what is missing is an error of the program's start. */
  readonly headers?: Readonly<Record<string, string>>
  /** `process.env` when absent. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** For one read, with its redirects and retries. 10 seconds when absent. */
  readonly timeout?: Duration
  /** The most bytes an answer may have, whether they are read in parts or not. 8 MiB when absent. */
  readonly maxAnswer?: number
  /** Media types that are passed on, as `text/plain`, `text/*`, `application/*+json`, or both stars for all. JSON, text, XML, images, audio, PDF and bytes when absent. */
  readonly types?: readonly string[]
  /**
   * Whether the upstream may be in a private network or on this machine, and then over plain HTTP. Off when absent. Link-local addresses, where clouds give
   * out credentials, are out of bounds even so.
   */
  readonly privateNetwork?: boolean
  /** Authorities whose certificates are trusted instead of the usual ones, in PEM: for an upstream with one of your own. */
  readonly ca?: string
  /** Tries after the first one that failed in a way that may pass. 1 when absent. */
  readonly retries?: number
  /** Connections at a time. 16 when absent. */
  readonly maxSockets?: number
  /** Resolves a name to all its addresses. The system's when absent. */
  readonly lookup?: ResolveName
}

/** The names of all options. */
export const API_OPTIONS: OptionNames<ApiOptions> = {
  ...RESOURCE_PROVIDER_OPTIONS,
  baseUrl: true,
  paths: true,
  scheme: true,
  headers: true,
  env: true,
  timeout: true,
  maxAnswer: true,
  types: true,
  privateNetwork: true,
  ca: true,
  retries: true,
  maxSockets: true,
  lookup: true,
}

/** Numbers and lists, checked. */
export interface ApiBounds {
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly types: readonly string[]
  readonly retries: number
  readonly maxSockets: number
}

const TYPES = [
  'application/json',
  'application/*+json',
  'application/xml',
  'application/*+xml',
  'application/yaml',
  'application/pdf',
  'application/octet-stream',
  'text/*',
  'image/*',
  'audio/*',
]

/** The bounds of requests. @throws TypeError */
export function boundsOf({
  timeout = '10s',
  maxAnswer = 8 * 1024 * 1024,
  types = TYPES,
  retries = 1,
  maxSockets = 16,
}: ApiOptions): ApiBounds {
  return {
    timeoutMs: interval('timeout', timeout),
    maxBytes: whole('maxAnswer', maxAnswer),
    types: types.map(type => type.toLowerCase()),
    retries: whole('retries', retries, 0),
    maxSockets: whole('maxSockets', maxSockets),
  }
}

/** The base URL, checked. @throws TypeError */
export function checkedUrl(text: string, privateNetwork: boolean): URL {
  if (!URL.canParse(text)) throw new TypeError('baseUrl is not a URL')
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new TypeError(`baseUrl must be https, not ${url.protocol}`)
  if (url.username !== '' || url.password !== '')
    throw new TypeError('baseUrl carries credentials: put them into headers, from the environment')
  if (url.search !== '' || url.hash !== '') throw new TypeError('baseUrl has a query or a fragment: put a query into the paths')
  if (url.protocol === 'http:' && !privateNetwork)
    throw new TypeError('baseUrl is plain http, which is for upstreams in your own network: use https, or say privateNetwork: true')
  checkLiteral(url.hostname, privateNetwork)
  return url
}
