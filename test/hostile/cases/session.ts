/** Sessions and events of others, unknown ones and ended ones; tokens that are none (THREATS 6, 7, T4, T5, T6). */
import type { Answer, Case, Expected, Headers, Kept, Step } from '../case.ts'
import { INITIALIZE, REVISION, request, SILENCE } from '../message.ts'

const GONE: Expected = { outcome: 'refused', status: 404, code: -32001 }
const OPENED: Expected = { outcome: 'served', status: 200 }

type Who = 'alice' | 'bob'
const asWho = (as: Who | undefined): { readonly as?: Who } => (as === undefined ? {} : { as })
const idOf = ({ headers }: Answer): Kept => ({ session: headers['mcp-session-id'] ?? '' })
const inSession = (kept: Kept): Headers => ({ 'mcp-session-id': kept['session'], 'mcp-protocol-version': REVISION.session })

/** Opens a session of its own, which later steps know by its id. */
const open = (as?: Who): Step => ({
  send: { jsonrpc: '2.0', id: 'open', method: 'initialize', params: INITIALIZE },
  talk: 'none',
  expect: OPENED,
  keep: idOf,
  ...asWho(as),
})
const ready = (as?: Who): Step => ({
  send: { jsonrpc: '2.0', method: 'notifications/initialized' },
  talk: 'none',
  headers: inSession,
  expect: SILENCE,
  ...asWho(as),
})
/** Something done in that session. */
const use = (expect: Expected, as?: Who, method = 'POST', more: Headers = {}): Step => ({
  send: method === 'POST' ? request('session', 'tools/list', {}, { id: 'use' }) : '',
  method,
  talk: 'none',
  headers: kept => ({ ...inSession(kept), ...more }),
  expect,
  ...asWho(as),
})
const end = (as?: Who): Step => use({ outcome: 'refused', status: 200 }, as, 'DELETE')

const session = (name: string, rule: string, ...steps: readonly Step[]): Case => ({
  kind: 'talk',
  name,
  rule,
  over: ['http session'],
  steps,
})
const STREAM: Expected = { outcome: 'stream', status: 200 }
const events = (id: string): Headers => ({ 'last-event-id': id })

const EVENT_IDS = [
  '',
  'nope',
  '0',
  '-1',
  '1',
  '__proto__',
  'constructor',
  'prototype',
  '../../x',
  '*',
  'null',
  '0-0-0',
  'aaaaaaaaaaaa-1-1',
  'x'.repeat(8000),
  '%00',
  "' OR 1=1",
  '1,2',
  '9'.repeat(400),
  '-1-1',
  '{}',
  'ü',
]
const TOKENS: readonly (string | readonly string[] | undefined)[] = [
  undefined,
  '',
  'Bearer',
  'Bearer ',
  'Bearer  ',
  'bearer nope',
  'Bearer nope',
  'Bearer token-of-alic',
  'Bearer token-of-alice2',
  'Bearer TOKEN-OF-ALICE',
  'Bearer token-of-alice token-of-bob',
  'Bearer token-of-alice,',
  'Bearer "token-of-alice"',
  'Bearer\u00a0token-of-alice',
  'Bearer token-of-alice\u0001'.slice(0, -1) + ';',
  'Basic YWxpY2U6eA==',
  'Digest username=x',
  'token-of-alice',
  'Token token-of-alice',
  'BearerX token-of-alice',
  'Bearer __proto__',
  'Bearer constructor',
  'Bearer null',
  'Bearer undefined',
  'Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.',
  `Bearer ${'x'.repeat(8000)}`,
  'Bearer %00',
  'Bearer ü',
  ['Bearer nope', 'Bearer token-of-alice'],
  ['Bearer token-of-alice', 'Bearer nope'],
  ['Bearer token-of-alice', 'Bearer token-of-bob'],
]
const shown = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value).slice(0, 60))

export const SESSION_CASES: readonly Case[] = [
  session(
    'a session that was ended',
    'S-LHT-11, S-LHT-10',
    open(),
    ready(),
    end(),
    use(GONE),
    use(GONE, undefined, 'GET'),
    use(GONE, undefined, 'DELETE'),
  ),
  session(
    'bob in alice’s session',
    'row 7, T5, S-LHT-12, S-AUTH-15',
    open('alice'),
    ready('alice'),
    use(GONE, 'bob'),
    use(GONE, 'bob', 'GET'),
    use(GONE, 'bob', 'DELETE'),
    use(OPENED, 'alice'),
  ),
  session(
    'nobody in alice’s session',
    'row 7, S-AUTH-15',
    open('alice'),
    { ...use(GONE), headers: kept => ({ ...inSession(kept) }) },
    use(OPENED, 'alice'),
  ),
  session('alice in nobody’s session', 'row 7, S-LHT-12', open(), use(GONE, 'alice'), use(OPENED)),
  session(
    'alice’s session without her token',
    'S-AUTH-10, S-AUTH-15',
    open('alice'),
    { ...use({ outcome: 'refused', status: 401 }, 'alice'), headers: kept => ({ ...inSession(kept), authorization: undefined }) },
    use(OPENED, 'alice'),
  ),
  session(
    'bob says that alice’s session is ready',
    'row 7, S-LHT-12',
    open('alice'),
    { ...ready('bob'), expect: GONE },
    use(OPENED, 'alice'),
  ),
  session('a session id that the client chose', 'T5', {
    ...open(),
    headers: { 'mcp-session-id': 'chosen-by-the-client' },
    expect: { outcome: 'refused', status: 400, code: -32600 },
  }),
  session('a session id in other letters', 'T4', open(), {
    ...use(GONE),
    headers: kept => ({ ...inSession(kept), 'mcp-session-id': swapped(kept['session'] ?? '') }),
  }),
  session('half a session id', 'T4', open(), {
    ...use(GONE),
    headers: kept => ({ ...inSession(kept), 'mcp-session-id': (kept['session'] ?? '').slice(0, -1) }),
  }),
  session('a session id and a half', 'T4', open(), {
    ...use(GONE),
    headers: kept => ({ ...inSession(kept), 'mcp-session-id': `${kept['session']}A` }),
  }),
  session('a session id twice', 'T10, S-HDR-14', open(), {
    ...use(GONE),
    headers: kept => ({ ...inSession(kept), 'mcp-session-id': [kept['session'] ?? '', kept['session'] ?? ''] }),
  }),
  session(
    'a second stream of a session',
    'T5, S-LHT-20',
    open(),
    ready(),
    use(STREAM, undefined, 'GET'),
    use({ outcome: 'refused', status: 409, code: -32000 }, undefined, 'GET'),
  ),
  ...EVENT_IDS.map(id =>
    session(
      `a stream from behind the event ${shown(id)}`,
      'row 6, T6, S-LHT-17',
      open(),
      ready(),
      use({ outcome: 'answered', status: [200, 400, 404] }, undefined, 'GET', { ...events(id), 'x-quick': 'yes' }),
    ),
  ),
  session('bob asks for alice’s events in her session', 'row 6, T6', open('alice'), ready('alice'), use(GONE, 'bob', 'GET', events('1'))),
  ...TOKENS.map(authorization =>
    session(`the token ${shown(authorization)}`, 'S-AUTH-04, S-AUTH-10', {
      send: request('session', 'tools/list'),
      as: 'alice',
      talk: 'none',
      headers: { authorization },
      expect: { outcome: 'refused', status: [400, 401] },
    }),
  ),
  session('no token, and a body that is none either: the token is asked for first', 'S-AUTH-19', {
    send: '{',
    as: 'alice',
    talk: 'none',
    headers: { authorization: undefined },
    expect: { outcome: 'refused', status: 401 },
  }),
  session('no token, and another media type', 'S-AUTH-19', {
    send: '{',
    as: 'alice',
    talk: 'none',
    headers: { authorization: undefined, 'content-type': 'text/plain' },
    expect: { outcome: 'refused', status: 401 },
  }),
  session('a preflight needs no token', 'S-AUTH-21', {
    send: '',
    method: 'OPTIONS',
    as: 'alice',
    talk: 'none',
    headers: { authorization: undefined, origin: 'http://localhost' },
    expect: { outcome: 'refused', status: 204 },
  }),
  session('a foreign page is refused before its token is looked at', 'S-AUTH-21', {
    send: '{',
    as: 'alice',
    talk: 'none',
    headers: { origin: 'http://evil.example' },
    expect: { outcome: 'refused', status: 403 },
  }),
]

const swapped = (text: string): string =>
  Array.from(text, each => (each === each.toLowerCase() ? each.toUpperCase() : each.toLowerCase())).join('')
