/** Batches, in the one revision that has them and in all the others. */
import { BATCHES, SESSIONS, type Case, type Expected, type Json } from '../case.ts'
import { ENVELOPE, INITIALIZE, NO_MESSAGE, one, request, SERVED, SILENCE } from '../message.ts'

const list = (id: unknown = 1): Json => ({ jsonrpc: '2.0', id, method: 'tools/list' })
const ping = (id: unknown = 1): Json => ({ jsonrpc: '2.0', id, method: 'ping' })
const wait = (id: string): Json => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'wait' } })
const notice: Json = { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 1, progress: 1 } }
const reply: Json = { jsonrpc: '2.0', id: 99, result: {} }
const stateless = request('exchange', 'tools/list')
const many = (count: number, make: (index: number) => Json): readonly Json[] => Array.from({ length: count }, (_, index) => make(index))

/** A connection whose client has not introduced itself may be one of 2025-03-26. */
const NOWHERE = [...SESSIONS, 'http exchange'] as const

/** What is refused wherever batches are not known. */
const BATCHED: readonly (readonly [what: string, batch: unknown])[] = [
  ['of nothing', []],
  ['of one request', [list()]],
  ['of two requests', [list(1), list(2)]],
  ['of one notice', [notice]],
  ['of one reply', [reply]],
  ['of a request, a notice and a reply', [list(), notice, reply]],
  ['of one stateless request', [stateless]],
  ['of a stateless request and another', [stateless, list()]],
  ['of a handshake', [{ ...list(), method: 'initialize', params: INITIALIZE }]],
  ['of 100', many(100, ping)],
  ['of 101', many(101, ping)],
  ['of 10,000', many(10_000, ping)],
  ['of an empty batch', [[]]],
  ['of a batch', [[list()]]],
  ['nested 60 deep', JSON.parse('['.repeat(60) + ']'.repeat(60))],
  ['of nulls', [null, null]],
  ['of numbers', [1, 2, 3]],
  ['of texts', ['tools/list']],
  ['of empty objects', [{}, {}]],
  ['of what is no message', [{ jsonrpc: '1.0' }]],
  ['of the same id twice', [ping(1), ping(1)]],
]

const known = (what: string, rule: string, batch: unknown, expect: Expected, onLink?: Expected): Case =>
  one(`in 2025-03-26 ${what}`, rule, batch, expect, { over: BATCHES, ...(onLink === undefined ? {} : { onLink }) })
/** A batch of which nothing is taken. */
const REFUSED: Expected = { outcome: 'refused', status: 400, code: -32600 }

/** Several answers come as one batch, in one message. */
const answered = (what: string, rule: string, batch: unknown, says: RegExp, size?: number): Case =>
  one(
    `in 2025-03-26 ${what}`,
    rule,
    batch,
    { outcome: 'answered', says, status: 200 },
    { over: BATCHES, ...(size === undefined ? {} : { size }) },
  )

export const BATCH_CASES: readonly Case[] = [
  ...BATCHED.map(([what, batch]) =>
    one(`a batch ${what} where there are none`, 'S-BAT-06, S-HTTP-08', batch, NO_MESSAGE, { over: NOWHERE }),
  ),
  known('a batch of nothing', 'S-BAT-03', [], REFUSED),
  known('a batch of 101', 'row 4, T24', many(101, ping), REFUSED),
  known('a batch of 20,000', 'row 4, T24', many(20_000, ping), REFUSED),
  known('a handshake in a batch', 'S-BAT-02', [{ ...list(), method: 'initialize', params: INITIALIZE }], REFUSED),
  known('a handshake in a batch among others', 'S-BAT-02', [ping(1), { ...list(2), method: 'initialize', params: INITIALIZE }], REFUSED, {
    outcome: 'answered',
    says: /(?=.*"id":1,"result")(?=.*"id":2,"error":."code":-32600)/,
  }),
  known('a stateless request in a batch', 'S-HTTP-08', [stateless], REFUSED),
  known('a stateless request in a batch among others', 'S-HTTP-08', [ping(1), { ...list(2), params: { _meta: ENVELOPE } }], REFUSED),
  // Over a connection each of them is looked at when the one before it is answered.
  known('the same id twice', 'T36', [ping(1), ping(1)], REFUSED, { outcome: 'answered', says: /"id":1,.*"id":1,/ }),
  known(
    'the same id twice, while the first is under way',
    'T36',
    [wait('w'), wait('w'), { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'w' } }],
    REFUSED,
    {
      outcome: 'answered',
      says: /-32600/,
    },
  ),
  known('a batch of one notice', 'S-BAT-04', [notice], SILENCE),
  known(
    'a batch of 100 notices',
    'S-BAT-04',
    many(100, () => notice),
    SILENCE,
  ),
  known(
    'a batch of replies that nobody asked for',
    'S-BAT-04',
    [reply, { jsonrpc: '2.0', id: 'x', error: { code: 1, message: 'x' } }],
    SILENCE,
  ),
  known(
    'a batch of cancellations of what is not there',
    'S-BAT-04, S-PROG-07',
    [1, '2', null, {}, []].map(requestId => ({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } })),
    SILENCE,
  ),
  known('a batch of one request', 'S-BAT-01', [ping('a')], { ...SERVED, id: 'a' }),
  known('a request, notices and replies', 'S-BAT-01', [notice, ping('b'), reply, notice], { ...SERVED, id: 'b' }),
  known('100 pings', 'S-BAT-01', many(100, ping), { outcome: 'answered', status: 200, says: /"id":99,"result"/ }),
  answered('a good request and what is no message', 'S-BAT-05', [ping('good'), null, 7, {}], /(?=.*"id":"good","result")(?=.*-32600)/s),
  answered('a good request and an empty batch', 'S-BAT-05', [ping('good'), []], /(?=.*"id":"good","result")(?=.*-32600)/s),
  answered(
    'a good request and one with an id that is none',
    'S-BAT-05',
    [ping('good'), ping(null), ping(1.5), ping({})],
    /(?=.*"id":"good","result")(?=.*-32600)/s,
  ),
  answered(
    'a good request and an unknown method',
    'S-BAT-05',
    [ping('good'), { ...ping('bad'), method: 'no/such' }],
    /(?=.*"id":"good","result")(?=.*-32601)/s,
  ),
  answered(
    'a good request and one whose handler throws',
    'S-BAT-05, row 16',
    [ping('good'), { ...ping('bad'), method: 'tools/call', params: { name: 'fails' } }],
    /(?=.*"id":"good","result")(?=.*isError)/s,
  ),
  answered(
    'a good request and one with bad params',
    'S-BAT-05',
    [ping('good'), { ...ping('bad'), params: [] }],
    /(?=.*"id":"good","result")(?=.*-32602)/s,
  ),
  answered('prototype keys as ids', 'T8', [ping('__proto__'), ping('constructor')], /(?=.*"__proto__")(?=.*"constructor")/s),
  // What one message can make the server say is bounded by the number of messages in it.
  answered(
    '100 unknown methods of 10,000 characters',
    'T35',
    many(100, index => ({ ...ping(index), method: 'm'.repeat(10_000) })),
    /-32601/,
    32 * 1024,
  ),
]
