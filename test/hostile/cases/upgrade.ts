/** Upgrades to WebSocket that are not allowed, and what comes around them. */
import { randomBytes } from 'node:crypto'
import { frame, OPCODE, upgradeText } from '../../../packages/ws/test/wire.ts'
import type { BytesCase, Case, Expected } from '../case.ts'
import { request } from '../message.ts'

type Door = BytesCase['door']

const GOOD = JSON.stringify(request('exchange', 'tools/list'))
const text = (shape: { readonly masked?: boolean } = {}): Buffer => frame(OPCODE.text, GOOD, shape)

const refused = (status: number | readonly number[]): Expected => ({ outcome: 'refused', status })
/** An upgrade that is none. */
const upgrade = (
  name: string,
  rule: string,
  headers: Readonly<Record<string, string | undefined>>,
  expect: Expected,
  door: Door = 'ws',
  path?: string,
  method?: string,
): Case => ({ kind: 'bytes', name, rule, door, pieces: [upgradeText(headers, path, method)], expect })
const MCP = { 'Sec-WebSocket-Protocol': 'mcp' }
const token = (text: string): string => `mcp.token.${Buffer.from(text).toString('base64url')}`
const OPENED: Expected = { outcome: 'refused', status: 101 }

const FOREIGN_HOSTS = [
  'evil.example',
  'localhost.evil.example',
  '127.0.0.1.evil.example',
  'localhost@evil.example',
  '0.0.0.0',
  '[::]',
  '__proto__',
  'x'.repeat(5000),
]
const FOREIGN_ORIGINS = [
  'http://evil.example',
  'https://evil.example',
  'null',
  '',
  'file://',
  'http://localhost.evil.example',
  'http://localhost@evil.example',
  'ws://evil.example',
  'chrome-extension://x',
  '*',
  'localhost',
  '__proto__',
  'x'.repeat(5000),
]
const KEYS = [
  undefined,
  '',
  'x',
  'AAAA',
  'A'.repeat(22),
  `${'A'.repeat(21)}!=`,
  randomBytes(15).toString('base64'),
  randomBytes(17).toString('base64'),
  'x'.repeat(1000),
]

export const UPGRADE_CASES: readonly Case[] = [
  ...['0', '7', '8', '12', '14', '13, 8', '', 'x', '__proto__', undefined].map(version =>
    upgrade(
      `Sec-WebSocket-Version ${JSON.stringify(version)}`,
      'RFC 6455 section 4.2.1',
      { ...MCP, 'Sec-WebSocket-Version': version },
      refused([400, 426]),
    ),
  ),
  ...KEYS.map((key, index) =>
    upgrade(
      `Sec-WebSocket-Key ${JSON.stringify(key)?.slice(0, 30)} (${index})`,
      'RFC 6455 section 4.2.1',
      { ...MCP, 'Sec-WebSocket-Key': key },
      refused(400),
    ),
  ),
  ...['h2c', 'websocket2', 'web socket', 'websocket, h2c'].map(value =>
    upgrade(`Upgrade ${value}`, 'RFC 6455 section 4.2.1', { ...MCP, Upgrade: value }, refused([400, 426])),
  ),
  ...['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'].map(method =>
    upgrade(`an upgrade by ${method}`, 'RFC 6455 section 4.2.1', MCP, refused([400, 405, 426]), 'ws', '/mcp', method),
  ),
  ...['/', '/mcp/', '/mcp2', '//mcp', '/__proto__', '/mcp/../mcp', '/%6dcp', '/MCP', '/mcp%00', '*'].map(path =>
    upgrade(`an upgrade at ${path}`, 'S-WS-01', MCP, refused([400, 404]), 'ws', path),
  ),
  ...FOREIGN_HOSTS.map(host =>
    upgrade(`an upgrade for the host ${host.slice(0, 30)}`, 'S-WS-01, T1', { ...MCP, Host: host }, refused(403)),
  ),
  ...FOREIGN_ORIGINS.map(origin =>
    upgrade(`an upgrade by a page of ${JSON.stringify(origin).slice(0, 40)}`, 'S-WS-01, T3', { ...MCP, Origin: origin }, refused(403)),
  ),
  upgrade('two origins', 'S-WS-01, T3', { ...MCP, Origin: 'http://localhost', origin: 'http://evil.example' }, refused([400, 403])),
  upgrade('two hosts', 'S-WS-01, T1', { ...MCP, host: 'evil.example' }, refused([400, 403])),
  upgrade(
    'two tokens in Authorization',
    'S-WS-01, T10',
    { ...MCP, Authorization: 'Bearer token-of-alice', authorization: 'Bearer token-of-bob' },
    refused(400),
    'guardedWs',
  ),
  ...['soap', 'MCP', 'mcp2', 'xmcp', '__proto__', ',', 'mcp2, soap', 'x'.repeat(5000)].map(offered =>
    upgrade(`the subprotocol ${offered.slice(0, 30)}`, 'S-WS-02', { 'Sec-WebSocket-Protocol': offered }, refused(400)),
  ),
  upgrade('no subprotocol where one is asked for', 'S-WS-02', {}, refused(400), 'hastyWs'),
  upgrade('no subprotocol where none is asked for', 'S-WS-02', {}, OPENED),
  upgrade(
    'extensions that would compress are not agreed to',
    'S-WS-13, T25',
    { ...MCP, 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' },
    OPENED,
  ),
  upgrade(
    'extensions that are none',
    'RFC 6455 section 9.1',
    { ...MCP, 'Sec-WebSocket-Extensions': ';;,=x"' },
    { outcome: 'refused', status: [101, 400] },
  ),
  upgrade('no token', 'S-WS-01, S-AUTH-04', MCP, refused(401), 'guardedWs'),
  ...[
    'Bearer',
    'Bearer ',
    'Bearer x y',
    'Basic dXNlcjpwYXNz',
    'Bearer nope',
    'Bearer __proto__',
    'bearer constructor',
    'Bearer token-of-alice,',
    'Token token-of-alice',
    `Bearer ${'x'.repeat(5000)}`,
  ].map(value =>
    upgrade(`the token ${value.slice(0, 30)}`, 'S-WS-01, S-AUTH-04', { ...MCP, Authorization: value }, refused([400, 401]), 'guardedWs'),
  ),
  ...[
    'mcp.token.',
    'mcp.token.!!!!',
    token('nope'),
    token('a\r\nX-Evil: 1'),
    token('a b'),
    `${token('token-of-alice')}, ${token('token-of-bob')}`,
  ].map(value =>
    upgrade(
      `the token ${value.slice(0, 60)} as a subprotocol`,
      'S-WS-02',
      { 'Sec-WebSocket-Protocol': `mcp, ${value}` },
      refused([400, 401]),
      'guardedWs',
    ),
  ),
  upgrade(
    'a token in both places',
    'S-WS-02',
    { 'Sec-WebSocket-Protocol': `mcp, ${token('token-of-alice')}`, Authorization: 'Bearer token-of-alice' },
    refused(400),
    'guardedWs',
  ),
  upgrade('a token in the query', 'S-AUTH-12', MCP, refused(401), 'guardedWs', '/mcp?access_token=token-of-alice'),
  upgrade(
    'a good token, and nothing of it comes back',
    'S-WS-02',
    { 'Sec-WebSocket-Protocol': `mcp, ${token('token-of-alice')}` },
    OPENED,
    'guardedWs',
  ),
  upgrade('a head of 64 KiB', 'row 4', { ...MCP, 'X-Long': 'x'.repeat(65_536) }, refused(431)),
  {
    kind: 'bytes',
    name: 'an upgrade that never ends',
    rule: 'T26',
    door: 'hastyWs',
    pieces: [upgradeText(MCP).slice(0, 40)],
    expect: refused(408),
    within: 8000,
  },
  {
    kind: 'bytes',
    name: 'no upgrade at all',
    rule: 'S-WS-01',
    door: 'ws',
    pieces: ['GET /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    expect: refused(426),
  },
  {
    kind: 'bytes',
    name: 'a message by POST',
    rule: 'S-WS-01',
    door: 'ws',
    pieces: [`POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${GOOD.length}\r\n\r\n${GOOD}`],
    expect: refused(426),
  },
  {
    kind: 'bytes',
    name: 'frames before the upgrade was answered are frames',
    rule: 'RFC 6455 section 4.1',
    door: 'ws',
    pieces: [Buffer.concat([Buffer.from(upgradeText(MCP)), text()])],
    expect: { outcome: 'served' },
  },
  {
    kind: 'bytes',
    name: 'illegal frames before the upgrade was answered',
    rule: 'RFC 6455 section 5.1',
    door: 'ws',
    pieces: [Buffer.concat([Buffer.from(upgradeText(MCP)), text({ masked: false })])],
    expect: { outcome: 'closed', close: 1002 },
  },
  {
    kind: 'bytes',
    name: 'frames behind an upgrade that is refused are nothing',
    rule: 'S-WS-01',
    door: 'guardedWs',
    pieces: [Buffer.concat([Buffer.from(upgradeText(MCP)), text()])],
    expect: refused(401),
  },
]
