/** `requestState` that is forged, cut, old, of another call or of somebody else (THREATS T11). */
import { EXCHANGES, type Answer, type Case, type Expected, type Json, type Kept, type Step } from '../case.ts'
import { BAD_PARAMS, ID, request, SERVED } from '../message.ts'

const ASKED: Expected = { outcome: 'served', status: 200, says: /input_required/ }
const stateOf = ({ messages }: Answer): Kept => ({
  state: String(messages.find(({ result }) => result !== undefined)?.result?.['requestState']),
})

const YES = { first: { action: 'accept', content: { sure: true } } }
const first: Step = { send: request('exchange', 'tools/call', { name: 'twice', arguments: {} }), expect: ASKED, keep: stateOf }
/** The second round, with a state that is made of the first one's. */
const second = (
  make: (state: string) => unknown,
  expect: Expected,
  params: Json = {},
  method = 'tools/call',
  as?: 'alice' | 'bob',
): Step => ({
  send: (kept: Kept) =>
    request('exchange', method, { name: 'twice', arguments: {}, inputResponses: YES, ...params, requestState: make(kept['state'] ?? '') }),
  expect,
  ...(as === undefined ? {} : { as }),
})

const forged = (name: string, make: (state: string) => unknown, expect: Expected = BAD_PARAMS): Case => ({
  kind: 'talk',
  name: `a state ${name}`,
  rule: 'T11, S-MRTR-08, S-MRTR-18',
  over: EXCHANGES,
  steps: [first, second(make, expect)],
})
const moved = (name: string, params: Json, method?: string): Case => ({
  kind: 'talk',
  name: `a state ${name}`,
  rule: 'T11, S-MRTR-09',
  over: EXCHANGES,
  steps: [first, second(state => state, BAD_PARAMS, params, method)],
})
const guarded = (name: string, rule: string, steps: readonly Step[]): Case => ({ kind: 'talk', name, rule, over: ['http exchange'], steps })

const flip = (state: string, at: number): string => {
  const bytes = Buffer.from(state, 'base64url')
  const index = at < 0 ? bytes.length + at : at
  bytes[index] = (bytes[index] as number) ^ 1
  return bytes.toString('base64url')
}

export const STATE_CASES: readonly Case[] = [
  ...[0, 1, 2, 5, 6, 16, 17, 18, 40, -1, -8, -16, -17].map(at => forged(`of which the byte ${at} was changed`, state => flip(state, at))),
  ...[0, 1, 4, 16, 17, 32, 33, 60].map(length => forged(`of which ${length} characters are left`, state => state.slice(0, length))),
  ...[1, 2, 4, 22].map(length => forged(`of which the last ${length} characters are gone`, state => state.slice(0, -length))),
  forged('with something behind it', state => `${state}AAAA`),
  forged('with something in front', state => `AAAA${state}`),
  forged('twice', state => state + state),
  forged('with padding', state => `${state}==`),
  forged('with blanks', state => ` ${state} `),
  forged('with a NUL', state => `${state}\u0000`),
  forged('in the other base64', state =>
    Buffer.from(state, 'base64url')
      .toString('base64')
      .replaceAll('+', '-_')
      .padEnd(state.length + 5, '='),
  ),
  forged('in hexadecimal digits', state => Buffer.from(state, 'base64url').toString('hex')),
  forged('the other way round', state => Array.from(state).toReversed().join('')),
  forged('in capitals', state => state.toUpperCase()),
  forged('that is JSON', () => JSON.stringify({ answers: { first: true } })),
  forged('that is a token without a signature', () => 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.'),
  forged('of zeros', state => Buffer.alloc(Buffer.from(state, 'base64url').length).toString('base64url')),
  forged('of random bytes', state => Buffer.from(crypto.getRandomValues(new Uint8Array(state.length))).toString('base64url')),
  forged('of 1 MiB', () => 'A'.repeat(2 ** 20)),
  ...[null, 7, true, [], {}, ['x'], ''].map(value => forged(`that is ${JSON.stringify(value)}`, () => value)),
  ...['__proto__', 'constructor'].map(value => forged(`that is ${value}`, () => value)),
  moved('with other arguments', { arguments: { amount: 1_000_000 } }),
  moved('with no arguments', { arguments: undefined }),
  moved('for another tool', { name: 'form' }),
  moved('for a tool that asks nothing', { name: 'echo', arguments: { text: 'x' } }),
  moved('for a prompt', { name: 'review', arguments: { code: 'x' } }, 'prompts/get'),
  moved('for a resource', { uri: 'page://one' }, 'resources/read'),
  moved('with a member more', { extra: 1 }),
  {
    kind: 'talk',
    name: 'a state where none is asked for is of no interest',
    rule: 'S-MSG-21',
    over: EXCHANGES,
    steps: [
      first,
      {
        send: (kept: Kept) => request('exchange', 'tools/list', { requestState: kept['state'] }),
        expect: { outcome: 'answered', status: 200, id: ID },
      },
    ],
  },
  {
    kind: 'talk',
    name: 'a good state goes on, and again where nothing forbids it',
    rule: 'S-MRTR-10',
    over: EXCHANGES,
    steps: [first, second(state => state, ASKED), second(state => state, ASKED)],
  },
  {
    kind: 'talk',
    name: 'a good state with an answer that does not fit asks again',
    rule: 'S-MRTR-11',
    over: EXCHANGES,
    steps: [
      first,
      second(
        state => state,
        { outcome: 'answered', status: 200, says: /input_required|isError|-32602/ },
        { inputResponses: { first: { action: 'accept', content: { sure: 'perhaps' } } } },
      ),
    ],
  },
  {
    kind: 'talk',
    name: 'a good state without its answer asks again',
    rule: 'S-MRTR-12',
    over: EXCHANGES,
    steps: [first, second(state => state, ASKED, { inputResponses: {} })],
  },
  {
    kind: 'talk',
    name: 'a client that asks for a result without a round',
    rule: 'S-MRTR-12',
    over: EXCHANGES,
    steps: [
      {
        send: request('exchange', 'tools/call', { name: 'twice', arguments: {}, inputResponses: { ...YES, second: YES.first, spent: 0 } }),
        expect: { ...SERVED, says: /Spent|accept/ },
      },
    ],
  },
  guarded('alice’s state in bob’s hands', 'T11, S-MRTR-09', [
    { ...first, as: 'alice' },
    second(state => state, BAD_PARAMS, {}, 'tools/call', 'bob'),
  ]),
  guarded('alice’s state in nobody’s hands', 'T11, S-MRTR-09', [{ ...first, as: 'alice' }, second(state => state, BAD_PARAMS)]),
  guarded('nobody’s state in alice’s hands', 'T11, S-MRTR-09', [first, second(state => state, BAD_PARAMS, {}, 'tools/call', 'alice')]),
  guarded('alice’s state in her own', 'S-MRTR-09', [{ ...first, as: 'alice' }, second(state => state, ASKED, {}, 'tools/call', 'alice')]),
]
