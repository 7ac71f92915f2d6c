/** Ids of every type and size, and those that are in use already. */
import { EVERYWHERE, EXCHANGES, LINKS, SESSIONS, type Case, type Expected, type Step, type TalkCase, type Way } from '../case.ts'
import { ENVELOPE, ID, INITIALIZE, NO_MESSAGE, one, request, SERVED, SILENCE, STREAM, Worded } from '../message.ts'

/** A good request around the text of an id. */
const withId = (what: string, rule: string, id: string, expect: Expected, over: readonly Way[] = EVERYWHERE): Case =>
  one(`the id is ${what}`, rule, new Worded(talk => JSON.stringify(request(talk, 'tools/list')).replace(`"${ID}"`, () => id)), expect, {
    over,
  })

const REFUSED: readonly (readonly [what: string, id: string])[] = [
  ['null', 'null'],
  ['true', 'true'],
  ['false', 'false'],
  ['an array', '[]'],
  ['an array of one', '[1]'],
  ['an object', '{}'],
  ['an object with an id', '{"id":1}'],
  ['a fraction', '1.5'],
  ['a small fraction', '1e-7'],
  ['minus a half', '-0.5'],
  ['2^53', '9007199254740992'],
  ['minus 2^53', '-9007199254740992'],
  ['10^20', '100000000000000000000'],
  ['1e300', '1e300'],
  ['1e999', '1e999'],
  ['a number of 10,000 digits', '9'.repeat(10_000)],
  ['a text of 1025 characters', `"${'x'.repeat(1025)}"`],
  ['a text of 1 MiB', `"${'x'.repeat(2 ** 20)}"`],
  ['a text of 200,000 escapes', `"${'\\u0001'.repeat(200_000)}"`],
  ['60 arrays deep', `${'['.repeat(60)}${']'.repeat(60)}`],
  ['an object with __proto__', '{"__proto__":1}'],
  ['1,000 nulls', `[${'null,'.repeat(999)}null]`],
]

const TAKEN: readonly (readonly [what: string, id: string | number])[] = [
  ['zero', 0],
  ['minus one', -1],
  ['2^53 - 1', Number.MAX_SAFE_INTEGER],
  ['minus 2^53 + 1', Number.MIN_SAFE_INTEGER],
  ['an empty text', ''],
  ['a text that looks like a number', '1'],
  ['a text that says null', 'null'],
  ['__proto__', '__proto__'],
  ['constructor', 'constructor'],
  ['hasOwnProperty', 'hasOwnProperty'],
  ['a lone surrogate', '\ud800'],
  ['a NUL', '\u0000'],
  ['line ends', 'a\r\nb\n\ndata: {}\n\n'],
  ['an event', 'x\n\nevent: message\ndata: {"jsonrpc":"2.0"}\n\n'],
  ['a quote and a brace', '"},{"'],
  ['markup', '</script><script>'],
  ['emoji', '👩‍👩‍👧‍👦'],
  ['text from right to left', '\u202eevil'],
  ['a line separator', '\u2028\u2029'],
  ['a byte order mark', '\ufeff'],
  ['1024 characters', 'x'.repeat(1024)],
]

const call = (id: string | number, name: string) =>
  new Worded(talk => request(talk, 'tools/call', { name, arguments: name === 'echo' ? { text: 'x' } : {} }, { id }))
const busy: Expected = { outcome: 'refused', status: 400, code: -32600 }
const cancel = (requestId: unknown): Step => ({
  send: { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } },
  expect: SILENCE,
})

/** While a request is under way another one comes by its id. Afterwards it is cancelled. */
const twice = (what: string, id: string | number, second: string | number, expect: Expected, over: readonly Way[]): TalkCase => ({
  kind: 'talk',
  name: what,
  rule: 'S-MSG-24, T36',
  over,
  steps: [
    { send: call(id, 'wait'), expect: SILENCE, unanswered: true },
    { send: call(second, 'echo'), expect },
    cancel(id),
    { send: call(id, 'echo'), expect: { ...SERVED, id } },
  ],
})

const IN_FLIGHT: readonly Way[] = [...LINKS, 'http session', 'stdio batch', 'ws batch']

export const ID_CASES: readonly Case[] = [
  ...REFUSED.map(([what, id]) => withId(what, 'S-MSG-03, T35', id, NO_MESSAGE)),
  ...TAKEN.map(([what, id]) => withId(what, 'S-MSG-02, T27', JSON.stringify(id), { ...SERVED, id })),
  withId('1.0, which is 1', 'S-MSG-03', '1.0', { ...SERVED, id: 1 }),
  withId('1e2, which is 100', 'S-MSG-03', '1e2', { ...SERVED, id: 100 }),
  withId('-0, which is 0', 'S-MSG-03', '-0', { ...SERVED, id: 0 }),
  withId('a text of escapes, which comes back as what they say', 'S-MSG-02', '"\\u0074he-id"', SERVED),
  twice('a request by the id of one under way', 'busy-1', 'busy-1', { ...busy, id: 'busy-1' }, IN_FLIGHT),
  twice('a request by the number of one under way', 4711, 4711, { ...busy, id: 4711 }, IN_FLIGHT),
  twice('the number 4712 is not the text "4712"', 4712, '4712', { ...SERVED, id: '4712' }, IN_FLIGHT),
  twice('the id __proto__ under way', '__proto__', '__proto__', { ...busy, id: '__proto__' }, IN_FLIGHT),
  {
    kind: 'talk',
    name: 'a subscription by the id of one that is open',
    rule: 'S-MSG-24, T36',
    over: LINKS.filter(way => way.endsWith('exchange')),
    steps: [
      {
        send: request('exchange', 'subscriptions/listen', { notifications: { toolsListChanged: true } }, { id: 'listen' }),
        expect: STREAM,
      },
      {
        send: request('exchange', 'subscriptions/listen', { notifications: { toolsListChanged: true } }, { id: 'listen' }),
        expect: { ...busy, id: 'listen' },
      },
      { send: request('exchange', 'tools/list', {}, { id: 'listen' }), expect: { ...busy, id: 'listen' } },
      cancel('listen'),
    ],
  },
  {
    kind: 'talk',
    name: 'over HTTP the same id on two exchanges is two requests',
    rule: 'S-MSG-24',
    over: ['http exchange'],
    steps: [
      { send: call('same', 'wait'), expect: SILENCE, unanswered: true },
      { send: call('same', 'echo'), expect: { ...SERVED, id: 'same' } },
    ],
  },
  one(
    'a handshake without an id is no handshake, and a notice is never answered',
    'S-MSG-06',
    { jsonrpc: '2.0', method: 'initialize', params: INITIALIZE },
    SILENCE,
    { over: SESSIONS },
  ),
  one(
    'a call without an id is a notice',
    'S-MSG-06',
    new Worded(() => ({ jsonrpc: '2.0', method: 'tools/call', params: { name: 'fails', _meta: ENVELOPE } })),
    SILENCE,
    { over: EXCHANGES },
  ),
  one('an unknown method without an id', 'S-MSG-06', { jsonrpc: '2.0', method: 'no/such' }, SILENCE, { over: EVERYWHERE }),
]
