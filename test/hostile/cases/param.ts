/** Wrong types in every parameter of every method. */
import { EVERYWHERE, EXCHANGES, SESSIONS, type Case, type Expected, type Json, type Way } from '../case.ts'
import {
  asked,
  BAD_PARAMS,
  CAPABILITIES,
  ENVELOPE,
  FAILED,
  ID,
  INITIALIZE,
  NO_PARAMS,
  refused,
  SERVED,
  STREAM,
  VERSION,
} from '../message.ts'

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40))

const NO_TEXT: readonly unknown[] = [null, true, 7, 1.5, [], ['x'], {}, { x: 1 }]
const NO_OBJECT: readonly unknown[] = [null, true, 7, 'x', '', [], [{}]]
const NO_LIST: readonly unknown[] = [null, true, 7, 'x', {}, { length: 1 }]

interface Row {
  readonly method: string
  /** What is good about it. */
  readonly base: Json
  /** Where the wrong value goes. */
  readonly path: string
  readonly wrong: readonly unknown[]
  readonly rule: string
  readonly over?: readonly Way[]
  readonly expect?: Expected
}

const CURSORS: readonly unknown[] = [
  ...NO_TEXT,
  '',
  ' ',
  '0',
  'garbage',
  'bm90IG91cnM',
  '../',
  '__proto__',
  'W10',
  'bnVsbA==',
  '\u0000',
  '%00',
  'A'.repeat(20_000),
  '{"list":"tools"}',
  '-1',
  'null',
]

const ROWS: readonly Row[] = [
  ...['tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'].map((method): Row => ({
    method,
    base: {},
    path: 'cursor',
    wrong: CURSORS,
    rule: 'S-PAGE-03, S-PAGE-06',
  })),
  {
    method: 'tools/call',
    base: { name: 'echo', arguments: { text: 'x' } },
    path: 'name',
    wrong: [undefined, ...NO_TEXT],
    rule: 'S-TOOL-08',
  },
  { method: 'tools/call', base: { name: 'echo' }, path: 'arguments', wrong: NO_OBJECT, rule: 'S-TOOL-08' },
  {
    method: 'tools/call',
    base: { name: 'echo' },
    path: 'arguments.text',
    wrong: [undefined, ...NO_TEXT],
    rule: 'S-TOOL-09',
    expect: FAILED,
  },
  {
    method: 'tools/call',
    base: { name: 'sum' },
    path: 'arguments.numbers',
    wrong: [undefined, ...NO_LIST, ['x'], [-1], [null], [[1]], [1, '2']],
    rule: 'S-TOOL-09',
    expect: FAILED,
  },
  { method: 'resources/read', base: {}, path: 'uri', wrong: [undefined, ...NO_TEXT], rule: 'S-MSG-12' },
  { method: 'prompts/get', base: {}, path: 'name', wrong: [undefined, ...NO_TEXT], rule: 'S-MSG-12' },
  { method: 'prompts/get', base: { name: 'review' }, path: 'arguments', wrong: [undefined, ...NO_OBJECT, {}], rule: 'S-PRM-03' },
  { method: 'prompts/get', base: { name: 'review' }, path: 'arguments.code', wrong: NO_TEXT, rule: 'S-PRM-04' },
  {
    method: 'completion/complete',
    base: { argument: { name: 'code', value: '' } },
    path: 'ref',
    wrong: [
      undefined,
      ...NO_OBJECT,
      {},
      { type: 'ref/prompt' },
      { type: 'ref/tool', name: 'echo' },
      { type: 'ref/prompt', name: 7 },
      { type: 'ref/prompt', name: 'nope' },
      { type: 'ref/prompt', name: '__proto__' },
      { type: 'ref/resource', uri: 7 },
      { type: 'ref/resource', uri: 'nope://x' },
      { type: '__proto__', name: 'review' },
    ],
    rule: 'S-CMP-03',
  },
  {
    method: 'completion/complete',
    base: { ref: { type: 'ref/prompt', name: 'review' } },
    path: 'argument',
    wrong: [
      undefined,
      ...NO_OBJECT,
      {},
      { name: 'code' },
      { value: 'x' },
      { name: 7, value: '' },
      { name: 'code', value: 7 },
      { name: 'code', value: null },
      { name: 'nope', value: '' },
      { name: '__proto__', value: '' },
      { name: 'constructor', value: '' },
      { name: 'x'.repeat(100_000), value: '' },
    ],
    rule: 'S-CMP-03',
  },
  { method: 'subscriptions/listen', base: {}, path: 'notifications', wrong: [undefined, ...NO_OBJECT], rule: 'S-SUB-14', over: EXCHANGES },
  {
    method: 'subscriptions/listen',
    base: {},
    path: 'notifications.toolsListChanged',
    wrong: [null, 0, 1, 'true', [], {}],
    rule: 'S-SUB-14',
    over: EXCHANGES,
  },
  {
    method: 'subscriptions/listen',
    base: {},
    path: 'notifications.promptsListChanged',
    wrong: [null, 0, 'yes', [], {}],
    rule: 'S-SUB-14',
    over: EXCHANGES,
  },
  {
    method: 'subscriptions/listen',
    base: {},
    path: 'notifications.resourcesListChanged',
    wrong: [null, 0, 'no', [], {}],
    rule: 'S-SUB-14',
    over: EXCHANGES,
  },
  {
    method: 'subscriptions/listen',
    base: {},
    path: 'notifications.resourceSubscriptions',
    wrong: [true, 7, 'page://one', {}, { length: 1, 0: 'page://one' }, [7], [null], [['page://one']], [{}]],
    rule: 'S-SUB-14',
    over: EXCHANGES,
  },
  {
    method: 'tools/call',
    base: { name: 'form' },
    path: 'inputResponses',
    wrong: NO_OBJECT.filter(value => value !== null),
    rule: 'S-MRTR-14',
    over: EXCHANGES,
  },
  {
    method: 'logging/setLevel',
    base: {},
    path: 'level',
    wrong: [undefined, ...NO_TEXT, '', 'loud', 'INFO', 'info ', '__proto__', 'constructor', '0'],
    rule: 'S-LOG-05',
    over: SESSIONS,
  },
  { method: 'resources/subscribe', base: {}, path: 'uri', wrong: [undefined, ...NO_TEXT], rule: 'S-MSG-12', over: SESSIONS },
  { method: 'resources/unsubscribe', base: {}, path: 'uri', wrong: [undefined, ...NO_TEXT], rule: 'S-MSG-12', over: SESSIONS },
]

const METHODS = [
  'server/discover',
  'tools/list',
  'tools/call',
  'resources/read',
  'prompts/get',
  'subscriptions/listen',
  'completion/complete',
]

function put(base: Json, [key = '', ...rest]: readonly string[], value: unknown): Json {
  return { ...base, [key]: rest.length === 0 ? value : put((base[key] ?? {}) as Json, rest, value) }
}

const wrongParams = ({ method, base, path, wrong, rule, over = EVERYWHERE, expect = BAD_PARAMS }: Row): readonly Case[] =>
  wrong.map((value, index) =>
    asked(`${method}: ${path} is ${shown(value)} (${index})`, rule, method, put(base, path.split('.'), value), expect, { over }),
  )

/** The envelope of a request, spoiled. */
const spoiled = (what: string, rule: string, meta: unknown, expect: Expected = NO_PARAMS, method = 'tools/list'): Case =>
  asked(`${method}: ${what}`, rule, method, { name: 'echo', arguments: { text: 'x' }, uri: 'page://one', _meta: meta }, expect, {
    over: EXCHANGES,
  })

const KEYS: readonly (readonly [key: string, wrong: readonly unknown[]])[] = [
  [VERSION, [undefined, ...NO_TEXT]],
  [CAPABILITIES, [undefined, ...NO_OBJECT]],
  [
    'io.modelcontextprotocol/clientInfo',
    [...NO_OBJECT, {}, { name: 'x' }, { version: '1' }, { name: 7, version: '1' }, { name: 'x', version: 1 }],
  ],
  ['io.modelcontextprotocol/logLevel', [...NO_TEXT, '', 'loud', 'Error', '__proto__']],
]

const VERSIONS: readonly string[] = [
  '',
  ' ',
  '2099-01-01',
  '2026-07-29',
  '2026-07-27',
  '2026-7-28',
  '2026-07-28 ',
  ' 2026-07-28',
  '2026-07-28, 2026-07-28',
  '2026-07-28;q=1',
  '20260728',
  'latest',
  'draft',
  'DRAFT-2026',
  '2025-11-25',
  '2025-06-18',
  '2025-03-26',
  '2024-11-05',
  '0',
  'null',
  '__proto__',
  'constructor',
  'toString',
  '2026-07-28\u0000',
  '２０２６-07-28',
  'x'.repeat(10_000),
]

export const PARAM_CASES: readonly Case[] = [
  ...ROWS.flatMap(wrongParams),
  ...KEYS.flatMap(([key, wrong]) =>
    wrong.map((value, index) => spoiled(`${key} is ${shown(value)} (${index})`, 'S-META-03, S-VER-12', { ...ENVELOPE, [key]: value })),
  ),
  ...METHODS.map(method => spoiled('half an envelope', 'S-VER-12', { [VERSION]: '2026-07-28' }, NO_PARAMS, method)),
  ...VERSIONS.map((version, index) =>
    asked(
      `version ${shown(version)} (${index})`,
      'S-VER-02, T37',
      'tools/list',
      { _meta: { ...ENVELOPE, [VERSION]: version } },
      { outcome: 'refused', status: 400, code: [-32022, -32020], id: ID },
      { over: EXCHANGES, headers: /^[\x21-\x7e]{1,100}$/.test(version) ? { 'mcp-protocol-version': version } : {} },
    ),
  ),
  ...[undefined, 7, null, [], {}, true].map(value =>
    asked(
      `a handshake whose version is ${shown(value)}`,
      'S-LEG-02',
      'initialize',
      { ...INITIALIZE, protocolVersion: value },
      refused(200, -32602, ID),
      { over: ['http session'], headers: { 'mcp-session-id': undefined, 'mcp-protocol-version': undefined } },
    ),
  ),
  ...[undefined, ...NO_OBJECT].map(value =>
    asked(
      `a handshake whose capabilities are ${shown(value)}`,
      'S-LEG-02',
      'initialize',
      { ...INITIALIZE, capabilities: value },
      refused(200, -32602, ID),
      { over: ['http session'], headers: { 'mcp-session-id': undefined, 'mcp-protocol-version': undefined } },
    ),
  ),
  ...[undefined, ...NO_OBJECT, {}, { name: 1, version: 2 }].map((value, index) =>
    asked(
      `a handshake whose clientInfo is ${shown(value)} (${index})`,
      'S-MSG-12',
      'initialize',
      { ...INITIALIZE, clientInfo: value },
      refused(200, -32602, ID),
      { over: ['http session'], headers: { 'mcp-session-id': undefined, 'mcp-protocol-version': undefined } },
    ),
  ),
  ...['2099-01-01', '2026-07-28', '', '__proto__', 'x'.repeat(5000)].map(value =>
    asked(
      `a handshake in version ${shown(value)} is answered in one we have`,
      'S-VER-22',
      'initialize',
      { ...INITIALIZE, protocolVersion: value },
      { ...SERVED, says: /"2025-11-25"/ },
      { over: ['http session'], headers: { 'mcp-session-id': undefined, 'mcp-protocol-version': undefined } },
    ),
  ),
  asked('a second handshake', 'S-LEG-05', 'initialize', INITIALIZE, refused(400, -32600, ID), { over: SESSIONS }),
  asked('a handshake in a claim to be stateless', 'S-VER-11', 'initialize', { ...INITIALIZE, _meta: ENVELOPE }, refused(404, -32601, ID), {
    over: EXCHANGES,
  }),
  asked(
    'arguments that do not fit in a million places are told of in few words',
    'row 5',
    'tools/call',
    { name: 'sum', arguments: { numbers: Array.from({ length: 200_000 }, () => 'x') } },
    FAILED,
    { size: 2000 },
  ),
  asked(
    'arguments with 20,000 unknown members',
    'row 5',
    'tools/call',
    { name: 'echo', arguments: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`key${index}`, index])) },
    FAILED,
    { size: 4000 },
  ),
  asked(
    'what a handler throws is told by its number alone',
    'S-MSG-13, row 16',
    'tools/call',
    { name: 'fails' },
    { ...FAILED, says: /Error id/ },
  ),
  asked('what a resource throws is not told', 'S-RES-07, row 16', 'resources/read', { uri: 'page://failing' }, refused(200, -32603, ID)),
  asked('what a prompt throws is not told', 'S-MSG-13, row 16', 'prompts/get', { name: 'failing' }, refused(200, -32603, ID)),
  asked('an unknown tool', 'S-TOOL-07', 'tools/call', { name: 'nope' }, BAD_PARAMS),
  asked('an unknown tool by a name of 1 MiB', 'S-TOOL-07, T35', 'tools/call', { name: 'n'.repeat(2 ** 20) }, BAD_PARAMS, {
    over: ['stdio exchange', 'ws exchange', 'stdio session', 'ws session', 'http session'],
  }),
  asked('an unknown prompt', 'S-PRM-02', 'prompts/get', { name: 'nope' }, BAD_PARAMS),
  asked('an unknown prompt by a name of 1 MiB', 'S-PRM-02, T35', 'prompts/get', { name: 'n'.repeat(2 ** 20) }, BAD_PARAMS, {
    over: ['stdio exchange', 'ws exchange', 'stdio session', 'ws session', 'http session'],
  }),
  asked(
    'listening to URIs that nobody may read is listening to nothing',
    'S-SUB-13, row 17',
    'subscriptions/listen',
    { notifications: { resourceSubscriptions: ['page://none', 'file:///etc/passwd'] } },
    { ...STREAM, outcome: 'served', id: ID },
    { over: ['http exchange'] },
  ),
]
