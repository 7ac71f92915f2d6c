/** What does not fit a session: its id, its version, its handshake, its batches. */
import { session, type Case, type Outcome } from '../case.ts'

const INITIALIZE = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
/** Nothing of a session, as when one is opened. */
const FRESH = { 'mcp-session-id': undefined, 'mcp-protocol-version': undefined }
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' }

/** What is sent where it is not one request. */
const sent = (name: string, body: unknown, outcome: Outcome): Case => ({
  ...session(name, '', {}, outcome),
  body: typeof body === 'string' ? body : JSON.stringify(body),
})

export const HANDSHAKES: readonly Case[] = [
  session('no session id', 'tools/list', {}, { status: 400, code: -32000, headers: { 'mcp-session-id': undefined }, link: 'served' }),
  ...['nope', '__proto__', 'constructor', '0'.repeat(32), 'x'.repeat(1000)].map(id =>
    session(
      `T4, T8: session id ${id.slice(0, 20)}`,
      'tools/list',
      {},
      {
        status: 404,
        code: -32001,
        headers: { 'mcp-session-id': id },
        link: 'served',
      },
    ),
  ),
  ...['2099-01-01', '', '2025-11-25, 2025-11-25', 'latest'].map(version =>
    session(
      `version header ${JSON.stringify(version)}`,
      'tools/list',
      {},
      {
        status: 400,
        code: -32000,
        headers: { 'mcp-protocol-version': version },
        link: 'served',
        ...(version === '2099-01-01' ? { official: [400, -32000] as const } : {}),
      },
    ),
  ),
  session(
    'Accept without event streams',
    'tools/list',
    {},
    {
      status: 406,
      code: -32000,
      headers: { accept: 'application/json' },
      link: 'served',
      official: [406, -32000],
    },
  ),
  session('a second handshake in a session', 'initialize', INITIALIZE, { status: 400, code: -32600 }),
  session('T5: a handshake with an id that the client chose', 'initialize', INITIALIZE, {
    status: 400,
    code: -32600,
    headers: { 'mcp-session-id': 'mine' },
  }),
  ...[undefined, 7, null].map(protocolVersion =>
    session(
      `a handshake whose version is ${JSON.stringify(protocolVersion)}`,
      'initialize',
      { ...INITIALIZE, protocolVersion },
      {
        status: 200,
        code: -32602,
        headers: FRESH,
        link: { code: -32600, id: 'the-id' },
      },
    ),
  ),
  session(
    'a handshake without capabilities',
    'initialize',
    { ...INITIALIZE, capabilities: undefined },
    {
      status: 200,
      code: -32602,
      headers: FRESH,
      link: { code: -32600, id: 'the-id' },
    },
  ),
  sent('S-BAT: a batch in a revision without batches', [LIST, { ...LIST, id: 2 }], { status: 400, code: -32600, id: 'none' }),
  sent('S-BAT: a handshake in a batch', [{ ...LIST, method: 'initialize', params: INITIALIZE }], {
    status: 400,
    code: -32600,
    id: null,
    headers: { ...FRESH, 'mcp-protocol-version': '2025-03-26' },
    link: { code: -32600 },
  }),
  sent('no session for a batch', [LIST], { status: 400, code: -32000, id: null, headers: FRESH, link: { code: -32600 } }),
  sent('S-MSG-08: in an older revision what cannot be read is answered with a null id', '{"jsonrpc"', {
    status: 400,
    code: -32700,
    id: null,
    headers: { 'mcp-protocol-version': '2025-06-18' },
    link: { code: -32700 },
  }),
]
