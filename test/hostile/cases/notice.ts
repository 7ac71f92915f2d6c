/** Notices and answers that nobody asked for: of unknown requests, of others' requests, too late, malformed. */
import { EVERYWHERE, LINKS, SESSIONS, type Case, type Expected, type Kept, type Message, type Step } from '../case.ts'
import { ENVELOPE, ID, NO_MESSAGE, one, request, SERVED, SILENCE, STREAM, Worded } from '../message.ts'

const notice = (method: string, params?: unknown): object => ({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) })
const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 60) ?? 'nothing'

const IDS: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  1e300,
  '',
  'nobody',
  '__proto__',
  [],
  {},
  ['a'],
  { id: 1 },
  'x'.repeat(100_000),
]
const METHODS = [
  'no/such',
  'notifications/no-such',
  'notifications/',
  '',
  '__proto__',
  'constructor',
  'tools/list',
  'notifications/initialized',
  'notifications/message',
  'notifications/tools/list_changed',
  'notifications/resources/updated',
  'notifications/roots/list_changed',
  'notifications/elicitation/complete',
  'notifications/tasks/status',
  'notifications/subscriptions/acknowledged',
  'x'.repeat(100_000),
]
const ODD: readonly unknown[] = [
  {},
  { requestId: {} },
  { requestId: 1, reason: {} },
  { requestId: 1, reason: 'x'.repeat(100_000) },
  { progressToken: null },
  { progress: 'x' },
  { progressToken: 1, progress: 1e308 },
  { progressToken: {}, progress: -1 },
  { level: 7 },
  { uri: {} },
  { _meta: 7 },
  { _meta: [] },
]

const REPLIES: readonly (readonly [what: string, reply: object])[] = [
  ['a result', { id: 1, result: {} }],
  ['a result for a text', { id: 'x', result: {} }],
  ['a result that is null', { id: 1, result: null }],
  ['a result that is a text', { id: 1, result: 'x' }],
  ['a result that is a list', { id: 1, result: [] }],
  ['an error', { id: 1, error: { code: 1, message: 'x' } }],
  ['an error without a code', { id: 1, error: { message: 'x' } }],
  ['an error without a message', { id: 1, error: { code: 1 } }],
  ['an error that is null', { id: 1, error: null }],
  ['an error that is a text', { id: 1, error: 'x' }],
  ['an error with a fraction', { id: 1, error: { code: 1.5, message: 'x' } }],
  ['a result and an error', { id: 1, result: {}, error: { code: 1, message: 'x' } }],
  ['a result without an id', { result: {} }],
  ['an error without an id', { error: { code: -32700, message: 'x' } }],
  ['a result with an id that is none', { id: {}, result: {} }],
  ['a result of 1 MiB', { id: 1, result: { x: 'y'.repeat(2 ** 20) } }],
  ['an error of 1 MiB', { id: 1, error: { code: 1, message: 'y'.repeat(2 ** 20) } }],
]

const cancel = (requestId: unknown, expect: Expected = SILENCE): Step => ({
  send: notice('notifications/cancelled', { requestId }),
  expect,
})
const wait = (id: string): Step => ({
  send: new Worded(talk => request(talk, 'tools/call', { name: 'wait' }, { id })),
  expect: SILENCE,
  unanswered: true,
})
const ping = (id: string): Step => ({ send: new Worded(talk => request(talk, 'tools/list', {}, { id })), expect: { ...SERVED, id } })

/** A question that is asked over a connection, and the answer to it. */
const asks: Step = {
  send: new Worded(talk => request(talk, 'tools/call', { name: 'form' }, { id: 'asks' })),
  expect: { outcome: 'stream' },
  keep: ({ messages }) => ({ question: String(messages.find(isQuestion)?.id) }),
}
const isQuestion = ({ method }: Message): boolean => method === 'elicitation/create'
const answer = (what: string, reply: object, expect: Expected): Case => ({
  kind: 'talk',
  name: `the answer to a question is ${what}`,
  rule: 'S-EL-06, S-LEG-09',
  over: ['stdio session', 'ws session'],
  steps: [asks, { send: (kept: Kept) => ({ jsonrpc: '2.0', id: kept['question'], ...reply }), expect }],
})
const ANSWERED: Expected = { outcome: 'served', id: 'asks' }
const TOLD: Expected = { outcome: 'failed', id: 'asks' }

export const NOTICE_CASES: readonly Case[] = [
  ...IDS.map(id => one(`cancelling ${shown(id)}`, 'S-PROG-07, S-SUB-20', notice('notifications/cancelled', { requestId: id }), SILENCE)),
  ...METHODS.map(method =>
    one(`the notice ${shown(method)}`, 'S-MSG-06', notice(method, {}), SILENCE, {
      over: EVERYWHERE.filter(way => way !== 'http exchange' || method.length < 8000),
    }),
  ),
  ...METHODS.slice(0, 8).map(method =>
    one(`the notice ${shown(method)} that claims to be stateless`, 'S-MSG-06', notice(method, { _meta: ENVELOPE }), SILENCE),
  ),
  ...ODD.flatMap(params =>
    ['notifications/cancelled', 'notifications/progress', 'notifications/roots/list_changed'].map(method =>
      one(`${method} with ${shown(params)}`, 'S-MSG-06, S-PROG-07', notice(method, params), SILENCE),
    ),
  ),
  ...REPLIES.map(([what, reply]) =>
    one(
      `${what} that nobody waits for`,
      'S-LEG-09',
      { jsonrpc: '2.0', ...reply },
      { outcome: 'answered' },
      { over: LINKS, onLink: SILENCE },
    ),
  ),
  ...REPLIES.map(([what, reply]) =>
    one(
      `${what} that is posted`,
      'S-HTTP-08, S-MSG-09',
      { jsonrpc: '2.0', ...reply },
      { outcome: 'refused', status: 400, code: -32600 },
      { over: ['http exchange'] },
    ),
  ),
  ...REPLIES.slice(0, 2).map(([what, reply]) =>
    one(`${what} that is posted to a session that asked nothing`, 'S-LHT-02, S-LEG-09', { jsonrpc: '2.0', ...reply }, SILENCE, {
      over: ['http session'],
    }),
  ),
  {
    kind: 'talk',
    name: 'cancelling twice',
    rule: 'S-PROG-06, S-PROG-11',
    over: [...LINKS, 'http session'],
    steps: [wait('c1'), cancel('c1'), cancel('c1'), ping('c1')],
  },
  {
    kind: 'talk',
    name: 'cancelling after the answer',
    rule: 'S-PROG-07',
    over: [...LINKS, 'http session'],
    steps: [ping('c2'), cancel('c2'), ping('c2')],
  },
  {
    kind: 'talk',
    name: 'cancelling before the request',
    rule: 'S-PROG-07',
    over: [...LINKS, 'http session'],
    steps: [cancel('c3'), ping('c3')],
  },
  {
    kind: 'talk',
    name: 'cancelling by a number what has a text for an id',
    rule: 'S-MSG-02, S-PROG-07',
    over: LINKS,
    steps: [wait('7'), cancel(7), { ...ping('7'), expect: { outcome: 'refused', code: -32600, id: '7' } }, cancel('7'), ping('7')],
  },
  { kind: 'talk', name: 'cancelling a handshake', rule: 'S-PROG-14', over: SESSIONS, steps: [cancel('shake'), cancel(0), ping('c4')] },
  {
    kind: 'talk',
    name: 'cancelling a subscription ends it without a word',
    rule: 'S-SUB-10',
    over: ['stdio exchange', 'ws exchange'],
    steps: [
      { send: request('exchange', 'subscriptions/listen', { notifications: { toolsListChanged: true } }, { id: 's1' }), expect: STREAM },
      cancel('s1'),
      ping('s1'),
    ],
  },
  {
    kind: 'talk',
    name: 'one session cancels what another has under way by the same id',
    rule: 'T7, S-PROG-06',
    over: ['http session'],
    steps: [
      wait('c5'),
      { ...cancel('c5'), talk: 'batch' },
      { ...ping('c5'), expect: { outcome: 'refused', status: 400, code: -32600, id: 'c5' } },
      cancel('c5'),
      ping('c5'),
    ],
  },
  answer('accepted', { result: { action: 'accept', content: { name: 'x' } } }, ANSWERED),
  answer('declined', { result: { action: 'decline' } }, ANSWERED),
  answer('an error', { error: { code: -1, message: 'no' } }, TOLD),
  answer('an error of 1 MiB', { error: { code: -1, message: 'n'.repeat(2 ** 20) } }, TOLD),
  answer('an error with markup and line ends', { error: { code: -1, message: '<b>\r\n\u0000</b>' } }, TOLD),
  answer('malformed', { result: 'x' }, TOLD),
  answer('both result and error', { result: {}, error: { code: 1, message: 'x' } }, TOLD),
  answer('an error without a message', { error: { code: 1 } }, TOLD),
  {
    kind: 'talk',
    name: 'a question is answered twice',
    rule: 'S-LEG-09',
    over: ['stdio session', 'ws session'],
    steps: [
      asks,
      { send: (kept: Kept) => ({ jsonrpc: '2.0', id: kept['question'], result: { action: 'cancel' } }), expect: ANSWERED },
      {
        send: (kept: Kept) => ({ jsonrpc: '2.0', id: kept['question'], result: { action: 'accept', content: { name: 'x' } } }),
        expect: SILENCE,
      },
    ],
  },
  {
    kind: 'talk',
    name: 'a question is answered by a number',
    rule: 'S-LEG-09, S-MSG-02',
    over: ['stdio session', 'ws session'],
    steps: [
      asks,
      { send: { jsonrpc: '2.0', id: 1, result: { action: 'accept', content: { name: 'x' } } }, expect: SILENCE },
      { send: (kept: Kept) => ({ jsonrpc: '2.0', id: kept['question'], result: { action: 'cancel' } }), expect: ANSWERED },
    ],
  },
  one(
    'a request of the server’s own is not for clients',
    'S-MSG-10',
    new Worded(talk => request(talk, 'elicitation/create', { message: 'x', requestedSchema: {} })),
    { outcome: 'refused', status: { exchange: 404, session: 200, batch: 200 }, code: -32601, id: ID },
    { over: EVERYWHERE },
  ),
  one('a reply in an exchange', 'S-HTTP-08', { jsonrpc: '2.0', id: ID, result: { resultType: 'complete' } }, NO_MESSAGE, {
    over: ['http exchange'],
  }),
]
