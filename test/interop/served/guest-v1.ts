/** The official SDK v1's client. It speaks the revisions with a handshake, and always offers 2025-11-25. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CreateMessageRequestSchema,
  ElicitationCompleteNotificationSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  PromptListChangedNotificationSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { Revision } from '@oarlock/protocol'
import { agreeable, CAPABILITIES, followingTools, News, type Guest, type GuestOptions, type SdkClient } from './guest.ts'
import type { Fetch } from './wire.ts'
import { Tap } from './tap.ts'

const NOTIFICATIONS = [
  ToolListChangedNotificationSchema,
  ResourceListChangedNotificationSchema,
  PromptListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  LoggingMessageNotificationSchema,
  ElicitationCompleteNotificationSchema,
]

/** A transport to a child process. */
export function stdioV1(command: readonly string[]): StdioClientTransport {
  const [program = '', ...args] = command
  return new StdioClientTransport({ command: program, args })
}

/** A transport to a URL. */
export function httpV1(url: string, fetch?: Fetch): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url), fetch === undefined ? {} : { fetch })
}

/** Connects. What the server answers decides the revision. */
export async function guestV1(
  transport: StdioClientTransport | StreamableHTTPClientTransport,
  { capabilities = CAPABILITIES, onTools }: GuestOptions = {},
): Promise<Guest> {
  const tap = new Tap(transport)
  const [answers, news, errors] = [agreeable(), new News(), [] as Error[]]
  const client = new Client({ name: 'sdk-v1', version: '1.0.0' }, { capabilities, ...followingTools(onTools) })
  Object.assign(client, { onerror: (error: Error) => errors.push(error) })
  for (const schema of NOTIFICATIONS) client.setNotificationHandler(schema, notification => news.add(notification))
  if ('elicitation' in capabilities) client.setRequestHandler(ElicitRequestSchema, ({ params }) => answers.elicit(params))
  if ('sampling' in capabilities) client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => answers.sample(params) as never)
  if ('roots' in capabilities) client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: answers.roots }))
  await client.connect(transport)
  const initialized = tap.received.find(({ result }) => result?.protocolVersion !== undefined)
  return {
    sdk: 'v1',
    revision: initialized?.['result'].protocolVersion as Revision,
    client: client as unknown as SdkClient,
    answers,
    news,
    tap,
    errors,
    call: (name, args = {}, { meta, ...options } = {}) =>
      client.callTool({ name, arguments: args, ...(meta === undefined ? {} : { _meta: meta }) }, undefined, options),
  }
}
