/** JSON that is no message of JSON-RPC 2.0: wrong types in every key of the envelope. */
import { ALL, EVERYWHERE, EXCHANGES, type Case, type Expected, type Json } from '../case.ts'
import {
  asked,
  ENVELOPE,
  mirrored,
  ID,
  NO_MESSAGE,
  NO_METHOD,
  NO_PARAMS,
  NO_REQUEST,
  one,
  request,
  SERVED,
  SILENCE,
  Worded,
  MISMATCH,
} from '../message.ts'
import { PROTOTYPE_NAMES } from '../prototype-names.ts'

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40))

/** A good request with a change. */
const changed = (what: string, rule: string, change: Json, expect = NO_REQUEST, over = EVERYWHERE): Case =>
  one(what, rule, new Worded(talk => ({ ...request(talk, 'tools/list'), ...change })), expect, { over })

const JSONRPC: readonly unknown[] = [
  undefined,
  null,
  true,
  2,
  2.0,
  1,
  '',
  '2',
  '2.00',
  '1.0',
  '1.1',
  '3.0',
  ' 2.0',
  '2.0 ',
  '２.０',
  ['2.0'],
  { version: '2.0' },
  '__proto__',
]
const METHODS: readonly unknown[] = [null, 0, 1, -1, 1.5, true, false, [], ['tools/list'], {}, { name: 'tools/list' }]
const PARAMS: readonly unknown[] = [null, 0, 1, '', 'x', true, false, [], [1], [{}], [[]]]

const VALUES: readonly unknown[] = [null, true, false, 0, 7, -1, 1.5, '', 'tools/list', '\u0000', [[]], [null], [[[1]]]]

/** Methods that are none, as a client could mean harm with. */
const UNKNOWN: readonly string[] = [
  '',
  ' ',
  '/',
  '.',
  '..',
  '../tools/list',
  'tools',
  'tools/',
  '/tools/list',
  'tools//list',
  'tools/list/',
  'tools/list/../call',
  'TOOLS/LIST',
  'Tools/List',
  'tools\\list',
  'tools/list\u0000',
  'tools/list\n',
  'tools/list\r\nX-Evil: 1',
  ' tools/list',
  'tools/list ',
  'tools/lıst',
  'tооls/list',
  'rpc.discover',
  'rpc.',
  'system.listMethods',
  ...PROTOTYPE_NAMES,
  'on',
  'emit',
  'close',
  'server',
  'kernel',
  'undefined',
  'null',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/message',
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
  'tasks/get',
  'tasks/list',
  'tasks/cancel',
  'tasks/result',
  'skills/list',
  'skills/get',
  'admin/shutdown',
  'debug/eval',
  '${7*7}',
  '{{7*7}}',
  "' OR 1=1 --",
  '<script>alert(1)</script>',
  '😀',
  '\ud800',
  'ping\u202e',
  'x'.repeat(300),
  'x'.repeat(100_000),
  '\u{1f600}'.repeat(20_000),
  '"'.repeat(50_000),
  '\u0001'.repeat(50_000),
]

/** In a session headers do not matter. */
const UNMIRRORED: Expected = {
  outcome: 'refused',
  status: { exchange: 400, session: 200, batch: 200 },
  code: { exchange: -32020, session: -32601, batch: -32601 },
  id: ID,
}

const isPlain = (method: string): boolean => mirrored(method) === method

export const MESSAGE_CASES: readonly Case[] = [
  ...VALUES.filter(value => !Array.isArray(value)).map(value =>
    one(`a message that is ${shown(value)}`, 'S-MSG-03', JSON.stringify(value), NO_MESSAGE, { over: ALL }),
  ),
  one('an empty object', 'S-MSG-03', {}, NO_MESSAGE),
  one('an object of an object', 'S-MSG-03', { message: request('session', 'tools/list') }, NO_MESSAGE),
  ...JSONRPC.map(jsonrpc =>
    changed(`jsonrpc is ${shown(jsonrpc)}${Object.is(jsonrpc, 2.0) ? ' as a number' : ''}`, 'S-MSG-03', { jsonrpc }),
  ).filter((each, index, all) => all.findIndex(({ name }) => name === each.name) === index),
  ...METHODS.map(method => changed(`the method is ${shown(method)}`, 'S-MSG-03', { method })),
  ...PARAMS.map(params => changed(`the params are ${shown(params)}`, 'S-MSG-12', { params }, NO_PARAMS)),
  ...PARAMS.filter(params => params !== null).map(params =>
    one(
      `a notice whose params are ${shown(params)}`,
      'S-MSG-06',
      { jsonrpc: '2.0', method: 'notifications/cancelled', params },
      { outcome: 'refused', status: 400, code: -32602, id: null },
      { onLink: SILENCE },
    ),
  ),
  // No header can carry some of them, so that over HTTP an exchange of theirs cannot agree with itself; and some no head at all.
  ...UNKNOWN.map((method, index) =>
    asked(`the method ${shown(method)} (${index})`, 'S-MSG-10, T35', method, {}, isPlain(method) ? NO_METHOD : UNMIRRORED, {
      over: EVERYWHERE.filter(way => way !== 'http exchange' || method.length < 8000),
      onLink: NO_METHOD,
    }),
  ),
  changed('a method and a result', 'S-MSG-04', { result: {} }),
  changed('a method and an error', 'S-MSG-04', { error: { code: 1, message: 'x' } }),
  changed('a method, a result and an error', 'S-MSG-04', { result: {}, error: { code: 1, message: 'x' } }),
  changed('a method and a result that is null', 'S-MSG-04', { result: null }),
  changed('an id alone', 'S-MSG-03', { method: undefined, params: undefined }),
  changed('the keys in capitals', 'T9', { jsonrpc: undefined, JSONRPC: '2.0' }),
  changed('the method in capitals', 'T9', { method: undefined, METHOD: 'tools/list' }),
  changed('jsonrpc with a blank behind', 'T9', { jsonrpc: undefined, 'jsonrpc ': '2.0' }),
  one(
    'a method twice: the last is meant, which is what the header says of',
    'row 20, T10',
    `{"jsonrpc":"2.0","id":"${ID}","method":"tools/list","method":"tools/call","params":${JSON.stringify({ _meta: ENVELOPE, name: 'echo', arguments: { text: 'x' } })}}`,
    MISMATCH,
    { over: EXCHANGES, headers: { 'mcp-method': 'tools/list' }, onLink: SERVED },
  ),
  one(
    'an id twice: the last is echoed',
    'row 20',
    `{"jsonrpc":"2.0","id":1,"id":"${ID}","method":"no/such","params":${JSON.stringify({ _meta: ENVELOPE })}}`,
    NO_METHOD,
    { over: EXCHANGES },
  ),
  one(
    'params twice: the last has no envelope, so this is no exchange',
    'row 20, S-VER-13',
    `{"jsonrpc":"2.0","id":"${ID}","method":"tools/list","params":${JSON.stringify({ _meta: ENVELOPE })},"params":{"_meta":{"x":1}}}`,
    NO_PARAMS,
    { over: ['http exchange'] },
  ),
  changed(
    'a thousand unknown members are of no interest',
    'S-MSG-21',
    Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`x${index}`, index])),
    SERVED,
  ),
]
