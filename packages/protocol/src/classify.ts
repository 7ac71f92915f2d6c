/** Decides, for one message, which conversation it belongs to. Pure; the body decides and headers only have to agree (DIGEST 3.6, 3.7). */

import { type Envelope, claimsEnvelope, readEnvelope } from './envelope.ts'
import { Fault } from './fault.ts'
import type { HeaderView } from './head.ts'
import { decodeHeaderValue, stripBlanks } from './header-value.ts'
import { excerpt, type JsonObject } from './json.ts'
import type { BatchMessage, Message, NoticeMessage, ReplyMessage, RequestMessage } from './message.ts'
import { conversationOf, isRevision, type Revision } from './revision.ts'

/** A stateless message that may be served: its envelope is well formed, its revision spoken, its headers agree. */
export interface StatelessVerdict {
  readonly kind: 'stateless'
  readonly revision: Revision
  readonly envelope: Envelope
}

/** The message belongs to a session, or opens one. */
export interface SessionVerdict {
  readonly kind: 'session'
}

/** The message is refused before anything looks at its method. */
export interface RefuseVerdict {
  readonly kind: 'refuse'
  readonly fault: Fault
}

/** The message is a notice of the stateless conversation, which defines none over HTTP: accept and ignore. */
export interface IgnoreVerdict {
  readonly kind: 'ignore'
}

export type Verdict = StatelessVerdict | SessionVerdict | RefuseVerdict | IgnoreVerdict

const SESSION: SessionVerdict = { kind: 'session' }
const IGNORE: IgnoreVerdict = { kind: 'ignore' }
const refuse = (fault: Fault): RefuseVerdict => ({ kind: 'refuse', fault })

const VERSION = 'mcp-protocol-version'
const METHOD = 'mcp-method'
const NAME = 'mcp-name'

/** Header `Mcp-Name` mirrors this member of params, by method. Extensions add theirs (`tasks/get` → `taskId`). */
export type NameParams = ReadonlyMap<string, string>

/** The methods of the core protocol that carry `Mcp-Name` (S-HDR-06, S-HDR-07). */
export const NAME_PARAMS: NameParams = new Map([
  ['tools/call', 'name'],
  ['prompts/get', 'name'],
  ['resources/read', 'uri'],
])

/**
 * Steps 5 to 9 of the validation order in DIGEST 3.7 for one message.
 * @param revisions the revisions the server speaks
 * @param headers present exactly when the transport has headers per message; then they must agree with the body
 */
export function classify(message: Message, revisions: readonly Revision[], headers?: HeaderView, names: NameParams = NAME_PARAMS): Verdict {
  switch (message.kind) {
    case 'request':
      return classifyRequest(message, revisions, headers, names)
    case 'notice':
      return classifyNotice(message, revisions, headers)
    case 'reply':
      return classifyReply(message, revisions, headers)
  }
}

/** A batch belongs to a session, unless an element claims to be stateless (DIGEST 3.6). */
export function classifyBatch(batch: BatchMessage, revisions: readonly Revision[], headers?: HeaderView): SessionVerdict | RefuseVerdict {
  const claims = batch.items.some(item => (item.kind === 'request' || item.kind === 'notice') && claimsEnvelope(item.params))
  if (claims || namesStateless(headers, revisions))
    return refuse(new Fault('INVALID_REQUEST', 'This revision has no batches: send one message at a time'))
  return SESSION
}

function classifyRequest(
  message: RequestMessage,
  revisions: readonly Revision[],
  headers: HeaderView | undefined,
  names: NameParams,
): Verdict {
  if (claimsEnvelope(message.params)) return classifyClaim(message, revisions, headers, names)
  if (!namesStateless(headers, revisions)) return SESSION
  if (message.method === 'initialize') {
    return refuse(
      new Fault('HEADER_MISMATCH', 'initialize opens a session of an earlier revision than the MCP-Protocol-Version header names'),
    )
  }
  return refuse(readEnvelope(message.params) as Fault)
}

function classifyClaim(
  message: RequestMessage,
  revisions: readonly Revision[],
  headers: HeaderView | undefined,
  names: NameParams,
): Verdict {
  const envelope = readEnvelope(message.params)
  if (Fault.is(envelope)) return refuse(envelope)
  if (headers !== undefined) {
    const mismatch = compare(VERSION, headers.get(VERSION), envelope.version)
    if (mismatch !== undefined) return refuse(mismatch)
  }
  const version = envelope.version
  if (!isRevision(version) || !revisions.includes(version) || conversationOf(version) !== 'stateless')
    return refuse(unsupportedVersion(version, revisions))
  if (headers !== undefined) {
    const mismatch = checkHeaders(message, headers, names)
    if (mismatch !== undefined) return refuse(mismatch)
  }
  return { kind: 'stateless', revision: version, envelope }
}

/** Most of an unknown version that is repeated: any that is one comes back exactly (S-VER-04), and no answer grows with the question (THREATS T35). */
const MAX_VERSION = 256

/**
 * The fault for a revision the server does not speak: names those it does (S-VER-02, S-VER-04). They are the ones that `server/discover` lists;
 * a server without that method names those of its handshake, so that a client knows to open one.
 */
export function unsupportedVersion(requested: string, revisions: readonly Revision[]): Fault {
  const stateless = revisions.filter(revision => conversationOf(revision) === 'stateless')
  const supported = stateless.length === 0 ? revisions : stateless
  const text = `Unsupported protocol version ${excerpt(requested)}; this server speaks ${supported.join(', ')}`
  return new Fault('UNSUPPORTED_VERSION', text, { data: { supported, requested: excerpt(requested, MAX_VERSION) } })
}

function classifyNotice(message: NoticeMessage, revisions: readonly Revision[], headers: HeaderView | undefined): Verdict {
  if (headers === undefined) return SESSION
  return namesStateless(headers, revisions) || claimsEnvelope(message.params) ? IGNORE : SESSION
}

function classifyReply(_message: ReplyMessage, revisions: readonly Revision[], headers: HeaderView | undefined): Verdict {
  return namesStateless(headers, revisions)
    ? refuse(new Fault('INVALID_REQUEST', 'This revision has no replies from client to server'))
    : SESSION
}

/** Whether the header names a stateless revision that the server speaks. Any other is the older conversation's to refuse. */
function namesStateless(headers: HeaderView | undefined, revisions: readonly Revision[]): boolean {
  const version = headers?.get(VERSION)
  return isRevision(version) && revisions.includes(version) && conversationOf(version) === 'stateless'
}

function checkHeaders(message: RequestMessage, headers: HeaderView, names: NameParams): Fault | undefined {
  const method = headers.get(METHOD)
  if (method !== message.method) return compare(METHOD, method, message.method)
  const param = names.get(message.method)
  if (param === undefined) return undefined
  const name = (message.params as JsonObject)[param]
  // A name that is not a string is the operation's to refuse; there is nothing a header could agree with.
  return typeof name === 'string' ? compare(NAME, headers.get(NAME), name) : undefined
}

const SPELLING: ReadonlyMap<string, string> = new Map([
  [VERSION, 'MCP-Protocol-Version'],
  [METHOD, 'Mcp-Method'],
  [NAME, 'Mcp-Name'],
])

function compare(name: string, header: string | undefined, body: string): Fault | undefined {
  // A name goes through decoding even when equal: characters that a header must not carry are refused (S-HDR-11).
  if (header === body && name !== NAME) return undefined
  const spelling = SPELLING.get(name) ?? name
  if (header === undefined) return new Fault('HEADER_MISMATCH', `The ${spelling} header is missing; the body says ${excerpt(body)}`)
  const decoded = name === NAME ? decodeHeaderValue(header) : stripBlanks(header)
  if (decoded === body) return undefined
  const data = { mismatch: { header: excerpt(header), body: excerpt(body) } }
  if (decoded === undefined) return new Fault('HEADER_MISMATCH', `The ${spelling} header is not validly encoded`, { data })
  return new Fault('HEADER_MISMATCH', `The ${spelling} header says ${excerpt(decoded)}, the body says ${excerpt(body)}`, { data })
}
