/** A function as a service: the Fetch door behind an event and a response object, without sessions, as nothing stays between two calls. */

import { toFetch } from 'oarlock'
import { greeter } from './greeter.ts'

/** The part of an API Gateway (HTTP API, payload 2.0) event that is needed. */
export interface LambdaEvent {
  readonly rawPath: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly isBase64Encoded?: boolean
  readonly requestContext: { readonly domainName: string; readonly http: { readonly method: string } }
}

/** What API Gateway expects back. */
export interface LambdaResult {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const mcp = toFetch(greeter(), { sessions: false, allowedHosts: ['abc123.lambda-url.example'] })

export async function handler(event: LambdaEvent): Promise<LambdaResult> {
  const { method } = event.requestContext.http
  const body = event.isBase64Encoded === true ? atob(event.body ?? '') : event.body
  const request = new Request(`https://${event.requestContext.domainName}${event.rawPath}`, {
    method,
    headers: event.headers,
    ...(body === undefined ? {} : { body }),
  })
  const response = await mcp(request)
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), body: await response.text() }
}
