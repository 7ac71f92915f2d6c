/** From an upstream's answer to content, or to a fault that tells what is wrong and nothing of the inside. */

import { excerpt, Fault, type FaultName } from '@oarlock/protocol'
import { isTextual } from '../mime.ts'
import { type SourceAnswer, type SourceContent, UNCHANGED } from '../provider/contract.ts'
import { withoutSecrets } from './headers.ts'
import { retryAfter } from './retry.ts'
import type { Answer, Failure } from './upstream.ts'

/** What is known of an upstream besides its answer. */
export interface AnswerAbout {
  /** Name of the provider, for texts. */
  readonly name: string
  readonly types: readonly string[]
  readonly secrets: readonly string[]
  readonly maxBytes: number
  readonly timeoutMs: number
  /** Whether it was asked if a copy still holds. */
  readonly conditional: boolean
  /** False for what must not be kept, whatever the upstream says. */
  readonly keeps: boolean
}

/** The content of an answer; undefined when there is no such document. @throws Fault */
export function contentOf(answer: Answer, about: AnswerAbout): SourceAnswer {
  const { status, headers } = answer
  if (status === 304 && about.conditional) return UNCHANGED
  if (status === 404 || status === 410) return undefined
  if (status < 200 || status > 299 || status === 206) throw faultOf(answer, about)
  const [type = ''] = (headers['content-type'] ?? 'application/octet-stream').toLowerCase().split(';', 1)
  const mimeType = type.trim()
  if (!about.types.some(pattern => fits(mimeType, pattern)))
    throw failed(
      'INTERNAL_ERROR',
      `answered with ${excerpt(JSON.stringify(mimeType), 60)}, and gives ${about.types.join(', ')} only`,
      about,
      status,
    )
  return { ...bodyOf(answer, mimeType, about), mimeType, ...freshness(headers, about.keeps) }
}

/** The fault for a request that has no answer. */
export function faultOfFailure(failure: Failure, about: AnswerAbout): Fault {
  const says: Record<Failure['kind'], string> = {
    time: `did not answer within ${about.timeoutMs} ms`,
    connection: 'cannot be reached',
    size: `answered with more than ${about.maxBytes} bytes`,
    encoding: 'answered with a compressed body, which was not asked for',
    stopped: 'was not waited for',
  }
  return new Fault('INTERNAL_ERROR', `The upstream of ${about.name} ${says[failure.kind]}`, { cause: failure.cause })
}

function faultOf({ status, headers }: Answer, about: AnswerAbout): Fault {
  if (status >= 300 && status < 400) return failed('INTERNAL_ERROR', 'leads to another place, which is not allowed', about, status)
  // Not 401: that would ask the client for credentials, which are not what is missing.
  if (status === 401) return failed('INTERNAL_ERROR', 'refused the credentials that this server has for it', about, status)
  if (status === 403) return failed('FORBIDDEN', 'does not allow it', about, status)
  if (status === 429) {
    const after = retryAfter(headers['retry-after'])
    const seconds = after === undefined ? undefined : String(Math.min(86_400, Math.ceil(after / 1_000)))
    return failed('RATE_LIMITED', 'wants fewer requests', about, status, seconds === undefined ? undefined : { 'Retry-After': seconds })
  }
  if (status === 400 || status === 422) return failed('INVALID_PARAMS', 'does not accept these values', about, status)
  if (status >= 500) return failed('INTERNAL_ERROR', 'has a problem of its own; try again later', about, status)
  return failed('INTERNAL_ERROR', 'refused the request', about, status)
}

function failed(fault: FaultName, says: string, { name }: AnswerAbout, status: number, headers?: Readonly<Record<string, string>>): Fault {
  return new Fault(fault, `The upstream of ${name} ${says} (${status})`, {
    data: { status },
    ...(headers === undefined ? {} : { headers }),
  })
}

// Patterns have one star, except the one of two that fits all.
function fits(type: string, pattern: string): boolean {
  const star = pattern.indexOf('*')
  if (star === -1) return type === pattern
  if (pattern === '*/*') return true
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)]
  return type.length > before.length + after.length && type.startsWith(before) && type.endsWith(after)
}

function bodyOf(
  { body, headers }: Answer,
  mimeType: string,
  { secrets }: AnswerAbout,
): { readonly text: string } | { readonly bytes: Uint8Array } {
  if (!isTextual(mimeType)) return { bytes: body }
  const charset = /;\s{0,8}charset="?([\w.:-]{1,40})/i.exec(headers['content-type'] ?? '')?.[1]
  return { text: withoutSecrets(decoded(body, charset ?? 'utf-8'), secrets) }
}

function decoded(body: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

/** RFC 9111, as far as it concerns a cache that asks for what it may not give without asking. */
function freshness(headers: Answer['headers'], keeps: boolean): Pick<SourceContent, 'validator' | 'keepFor' | 'lastModified'> {
  const control = directives(headers['cache-control'] ?? '')
  const modified = Date.parse(headers['last-modified'] ?? '')
  const dated = Number.isNaN(modified) ? {} : { lastModified: new Date(modified) }
  if (!keeps || control.has('no-store') || headers.vary === '*') return { ...dated, keepFor: 0 }
  const validator = validatorOf(headers)
  const age = Number(headers.age ?? 0) || 0
  const seconds = control.has('no-cache') ? 0 : Number(control.get('max-age') || Number.NaN) - age
  return {
    ...dated,
    ...(validator === undefined ? {} : { validator }),
    ...(Number.isFinite(seconds) ? { keepFor: Math.max(0, seconds * 1_000) } : {}),
  }
}

function directives(control: string): ReadonlyMap<string, string> {
  const parts = control.toLowerCase().split(',')
  return new Map(
    parts.map(part => {
      const [name = '', value = ''] = part.trim().split('=', 2)
      return [name, value.replaceAll('"', '')]
    }),
  )
}

const TAG = 'etag '
const DATE = 'date '

function validatorOf(headers: Answer['headers']): string | undefined {
  if (headers.etag !== undefined) return TAG + headers.etag
  return headers['last-modified'] === undefined ? undefined : DATE + headers['last-modified']
}

/** The header that asks whether a copy still holds. */
export function conditional(validator: string | undefined): Readonly<Record<string, string>> {
  if (validator?.startsWith(TAG) === true) return { 'If-None-Match': validator.slice(TAG.length) }
  return validator?.startsWith(DATE) === true ? { 'If-Modified-Since': validator.slice(DATE.length) } : {}
}
