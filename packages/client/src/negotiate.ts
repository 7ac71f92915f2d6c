/** Finds out how a server speaks: which revision, in which of the two conversations (DIGEST 3.5, 3.6). */

import {
  Cancelled,
  ConnectionClosed,
  type Connector,
  conversationOf,
  excerpt,
  Fault,
  isObject,
  NEWEST,
  NEWEST_SESSION,
  type Revision,
  REVISIONS,
  SESSION_REVISIONS,
  STATELESS_REVISIONS,
  TimedOut,
  Unsupported,
} from '@oarlock/protocol'
import { Connection, type Host } from './connection.ts'
import { RemoteFault } from './error.ts'
import { verdicts } from './heal/verdict.ts'
import { ExchangeTalk } from './talk/exchange.ts'
import { SessionTalk } from './talk/session.ts'
import type { Talk } from './talk/talk.ts'

/** What a probe showed: the server speaks this stateless revision, or it needs a handshake. `because` is kept for error texts. */
type Finding = { readonly kind: 'stateless'; readonly revision: Revision } | { readonly kind: 'session'; readonly because: unknown }

/** A connection that is being negotiated. Replaced when a server cannot take the probe and exits. */
interface Attempt {
  readonly host: Host
  readonly connector: Connector
  readonly signal: AbortSignal | undefined
  connection: Connection
  /** What was found out rests on silence, which a slow start may explain as well. */
  doubtful: boolean
}

/**
 * Opens a connection on which both sides have agreed how to speak.
 * @param known what to try first: the revision that this server spoke before, or that the options prefer
 * @throws Unsupported when there is no common revision; what the transport or the server says when it is no evidence of any (401, 5xx,
 *   a broken network)
 */
export async function negotiate(
  host: Host,
  connector: Connector,
  signal: AbortSignal | undefined,
  known: Revision | undefined = host.settings.prefer ?? verdicts.get(connector),
): Promise<Connection> {
  const attempt: Attempt = { host, connector, signal, connection: await Connection.open(connector, host, signal), doubtful: false }
  try {
    await recall(attempt, known)
    const { revision, conversation } = attempt.connection.talk as Talk
    // Who shakes hands agrees on the rest there: the newest is proposed each time (C-LEG-02).
    if (!attempt.doubtful) verdicts.set(connector, conversation === 'session' ? NEWEST_SESSION : revision)
    return attempt.connection
  } catch (cause) {
    void attempt.connection.close(cause)
    throw cause
  }
}

/** Speaks as the server did before, or as one would like to; when it does not any more, all begins anew (C-VER-11). */
async function recall(attempt: Attempt, known: Revision | undefined): Promise<void> {
  try {
    await agree(attempt, known ?? NEWEST)
  } catch (cause) {
    const { host, connector, signal } = attempt
    const { revision, conversation } = host.settings
    const isOpen = revision === undefined && conversation === undefined
    const isContradicted = known !== undefined && conversationOf(known) === 'session' && isOpen
    if (!isContradicted || !isRefusal(cause)) throw cause
    verdicts.forget(connector)
    void attempt.connection.close(cause)
    attempt.connection = await Connection.open(connector, host, signal)
    await agree(attempt, NEWEST)
  }
}

async function agree(attempt: Attempt, first: Revision): Promise<void> {
  const { revision, conversation } = attempt.host.settings
  if (revision !== undefined) return pinned(attempt, revision)
  const wanted = conversation ?? conversationOf(first)
  if (wanted === 'session') return handshake(attempt, conversationOf(first) === 'session' ? first : NEWEST_SESSION)
  const finding = await probe(attempt, conversationOf(first) === 'stateless' ? first : NEWEST)
  if (finding.kind === 'stateless') return
  if (conversation === 'stateless')
    throw new Unsupported(
      `${nameOf(attempt)} holds no conversation without a session (${messageOf(finding.because)}): leave 'conversation' out`,
      finding.because,
    )
  await handshake(attempt, NEWEST_SESSION, finding.because)
}

/** One revision and no other. Where a silent server would keep the first call waiting, it is asked first (C-VER-05). */
async function pinned(attempt: Attempt, revision: Revision): Promise<void> {
  if (conversationOf(revision) === 'session') return handshake(attempt, revision)
  if (attempt.connector.headers === true) {
    attempt.connection.talk = new ExchangeTalk(attempt.connection, revision)
    return
  }
  const finding = await probe(attempt, revision)
  if (finding.kind === 'session')
    throw new Unsupported(
      `${nameOf(attempt)} does not speak ${revision} (${messageOf(finding.because)}): leave 'revision' out, or choose another`,
      finding.because,
    )
}

/** Shakes hands; `because` tells why no other way was found. A server that knows no handshake says so by naming what it speaks instead. */
async function handshake(attempt: Attempt, revision: Revision, because?: unknown): Promise<void> {
  const { connection, signal, host } = attempt
  const talk = new SessionTalk(connection, revision)
  connection.talk = talk
  try {
    await talk.open({ signal }, host.settings.revision)
  } catch (cause) {
    const { revision: only, conversation } = host.settings
    const isOpen = only === undefined && conversation === undefined
    const mutual = isOpen && isVersionRefusal(cause) ? mutualOf(supportedBy(cause)) : undefined
    if (mutual !== undefined) return introduced(attempt, mutual)
    if (because === undefined || !isRefusal(cause)) throw cause
    const hint =
      isNotFound(because) && isNotFound(cause) ? `: is the path of ${attempt.connector.target} right? Oarlock serves at /mcp` : ''
    const [first, second] = [messageOf(because), messageOf(cause)]
    const why = first === second ? first : `${first}; ${second}`
    throw new Unsupported(`${nameOf(attempt)} takes neither server/discover nor initialize: ${why}${hint}`, cause)
  }
}

/** A stateless revision that the server itself named. */
async function introduced({ connection, signal }: Attempt, revision: Revision): Promise<void> {
  const talk = new ExchangeTalk(connection, revision)
  connection.talk = talk
  await talk.discover({ signal })
}

/** Asks the server to describe itself in a stateless revision, and reads what its reaction means. */
async function probe(attempt: Attempt, revision: Revision, retried = false): Promise<Finding> {
  const { connection, connector, signal, host } = attempt
  const talk = new ExchangeTalk(connection, revision)
  connection.talk = talk
  // Silence only means something where no gateway or cold start could be its reason.
  const timeout = connector.headers === true ? undefined : host.settings.probeTimeoutMs
  let versions: readonly string[]
  let cause: unknown
  try {
    versions = (await talk.discover({ signal, timeout })).versions
    if (versions.includes(revision)) return { kind: 'stateless', revision }
  } catch (error) {
    if (!isVersionRefusal(error)) return evidence(attempt, error)
    cause = error
    versions = supportedBy(error)
  }
  const mutual = mutualOf(versions)
  // Also when it names what it just refused: a gateway may have been on its way to another version.
  if (mutual !== undefined && !retried) return probe(attempt, mutual, true)
  // A server that names its revisions is believed: there is a handshake to fall back on only if it names one that has it.
  if (versions.some(version => SESSION_REVISIONS.some(known => known === version))) return { kind: 'session', because: cause }
  if (cause === undefined) return { kind: 'session', because: new Unsupported(`it names only ${listed(versions)}`) }
  throw new Unsupported(`No common revision: ${nameOf(attempt)} speaks ${listed(versions)}, and this client ${REVISIONS.join(', ')}`, cause)
}

/** What a failed probe says about the server. Throws where it says nothing: nobody was asked, or somebody in between answered. */
async function evidence(attempt: Attempt, cause: unknown): Promise<Finding> {
  if (Cancelled.is(cause)) throw cause
  if (isRefusal(cause) || Fault.is(cause)) return { kind: 'session', because: cause }
  if (attempt.connector.headers === true) throw cause
  if (ConnectionClosed.is(cause)) {
    // Some servers exit when the first thing they read is not `initialize` (C-VER-06).
    attempt.connection = await Connection.open(attempt.connector, attempt.host, attempt.signal)
    return { kind: 'session', because: cause }
  }
  if (TimedOut.is(cause)) {
    attempt.doubtful = true
    return { kind: 'session', because: cause }
  }
  throw cause
}

/** Whether the server itself, and not a gate in front of it, said no: an answer, or an HTTP status that is about the request. */
function isRefusal(cause: unknown): boolean {
  const status = isObject(cause) ? cause['status'] : undefined
  if (RemoteFault.is(cause) && status === undefined) return true
  return typeof status === 'number' && status >= 400 && status < 500 && status !== 401 && status !== 403
}

/** A 404 in which no MCP server speaks: there is nothing at the path. */
function isNotFound(cause: unknown): boolean {
  return isObject(cause) && cause['status'] === 404 && !RemoteFault.is(cause)
}

function isVersionRefusal(cause: unknown): cause is RemoteFault {
  return RemoteFault.is(cause) && cause.fault === 'UNSUPPORTED_VERSION'
}

function supportedBy({ data }: RemoteFault): readonly string[] {
  const supported = isObject(data) ? data['supported'] : undefined
  return Array.isArray(supported) ? supported.filter(version => typeof version === 'string') : []
}

/** The newest stateless revision that both sides speak. */
function mutualOf(versions: readonly string[]): Revision | undefined {
  return STATELESS_REVISIONS.findLast(revision => versions.includes(revision))
}

/** The server, by where it is. */
function nameOf({ connector }: Attempt): string {
  return connector.target === undefined ? 'The server' : excerpt(connector.target, 200)
}

function listed(versions: readonly string[]): string {
  return versions.length === 0 ? 'no revision that it names' : excerpt(versions.join(', '))
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
