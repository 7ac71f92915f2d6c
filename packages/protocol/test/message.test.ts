/** What a frame of text turns out to be, and the text for the way back. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  encodeError,
  encodeFault,
  encodeNotice,
  encodeRequest,
  encodeResult,
  Fault,
  isId,
  MAX_ID_LENGTH,
  MESSAGE_LIMITS,
  parse,
  read,
  REVISIONS,
  type BatchMessage,
  type FaultName,
  type InvalidMessage,
  type RequestId,
} from '../src/index.ts'
import { Random } from './random.ts'

const test = suite('message')

const json = JSON.stringify
const many = (count: number, text: string) => `[${Array.from({ length: count }, () => text).join(',')}]`
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

test('a message with an id and a method is a request', () => {
  const text = '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"x"}}'
  assert.equal(parse(text), { kind: 'request', id: 1, method: 'tools/list', params: { cursor: 'x' } })
  assert.equal(parse('{"method":"ping","id":"","jsonrpc":"2.0"}'), { kind: 'request', id: '', method: 'ping', params: undefined })
})

test('a message with a method and no id is a notice', () => {
  const text = '{"jsonrpc":"2.0","method":"notifications/initialized"}'
  assert.equal(parse(text), { kind: 'notice', method: 'notifications/initialized', params: undefined })
})

test('a message with a result, or an error, is a reply', () => {
  assert.equal(parse('{"jsonrpc":"2.0","id":0,"result":{}}'), { kind: 'reply', id: 0, result: {}, error: undefined })
  const error = { code: -32001, message: 'm', data: [1] }
  assert.equal(parse(json({ jsonrpc: '2.0', id: 'a', error })), { kind: 'reply', id: 'a', result: undefined, error })
})

test('S-MSG-08: an error may come without an id, or with null where the peer could not read ours', () => {
  const error = { code: -32700, message: 'm' }
  for (const id of [undefined, null]) {
    assert.equal(parse(json({ jsonrpc: '2.0', id, error })), { kind: 'reply', id: undefined, result: undefined, error })
  }
})

test('S-MSG-21: members that nobody knows are tolerated', () => {
  const text = '{"jsonrpc":"2.0","id":1,"method":"m","params":{"x":{"y":1}},"vendor":true}'
  assert.is(parse(text).kind, 'request')
})

test('S-MSG-02, S-MSG-03: strings and safe integers are ids, up to their bounds', () => {
  const good: unknown[] = [
    '',
    'a',
    '1',
    'é🦀',
    '\u0000',
    'x'.repeat(MAX_ID_LENGTH),
    0,
    -0,
    -1,
    1e3,
    Number.MAX_SAFE_INTEGER,
    Number.MIN_SAFE_INTEGER,
  ]
  for (const id of good) {
    assert.ok(isId(id), String(id).slice(0, 20))
    const message = parse(json({ jsonrpc: '2.0', id, method: 'm' }))
    assert.is(message.kind, 'request')
    // As JSON writes it: -0 is 0.
    assert.is(json('id' in message ? message.id : undefined), json(id))
  }
  const bad: unknown[] = [
    'x'.repeat(MAX_ID_LENGTH + 1),
    null,
    true,
    false,
    [],
    [1],
    {},
    { id: 1 },
    1.5,
    -0.1,
    2 ** 53,
    -(2 ** 53),
    1e300,
    Number.NaN,
    Infinity,
    undefined,
  ]
  for (const id of bad) assert.not(isId(id), String(id))
})

/** Text, the fault, the id that can be echoed, and what it was meant to be where that makes a difference. */
type Case = readonly [text: string, fault: FaultName, id?: RequestId | undefined, meant?: InvalidMessage['meant']]

const REFUSED: ReadonlyMap<string, readonly Case[]> = new Map<string, readonly Case[]>([
  [
    'text that is not JSON',
    [
      ['', 'PARSE_ERROR'],
      [' ', 'PARSE_ERROR'],
      ['{', 'PARSE_ERROR'],
      ['hello', 'PARSE_ERROR'],
      ["{'jsonrpc':'2.0'}", 'PARSE_ERROR'],
      ['{"jsonrpc":"2.0","id":1,"method":"m",}', 'PARSE_ERROR'],
      ['{"jsonrpc":"2.0","id":1,"method":"m"}{}', 'PARSE_ERROR'],
      ['{"jsonrpc":"2.0","id":01,"method":"m"}', 'PARSE_ERROR'],
      ['{"jsonrpc":"2.0","id":NaN,"method":"m"}', 'PARSE_ERROR'],
      ['\ufeff{"jsonrpc":"2.0","id":1,"method":"m"}', 'PARSE_ERROR'],
      ['{"jsonrpc":"2.0","id":1,"method":"a\nb"}', 'PARSE_ERROR'],
    ],
  ],
  ['JSON that is no object', ['null', 'true', '1', '"m"'].map((text): Case => [text, 'INVALID_REQUEST'])],
  [
    'S-MSG-03: another jsonrpc than "2.0"',
    ['"1.0"', '"2"', '"2.0 "', '2', '2.0', 'null', 'true', '["2.0"]', '{}'].map((value): Case => [
      `{"jsonrpc":${value},"id":7,"method":"m"}`,
      'INVALID_REQUEST',
      7,
    ]),
  ],
  ['S-MSG-03: no jsonrpc', [['{"id":"a","method":"m"}', 'INVALID_REQUEST', 'a']]],
  [
    'S-MSG-03: ids of the wrong type or size',
    ['null', 'true', 'false', '[]', '[1]', '{}', '1.5', '-0.1', '1e-1', '9007199254740992', '-9007199254740992', '1e300', '1e999'].map(
      (id): Case => [`{"jsonrpc":"2.0","id":${id},"method":"m"}`, 'INVALID_REQUEST'],
    ),
  ],
  [
    'methods of the wrong type',
    ['null', '1', 'true', '[]', '{}'].map((method): Case => [`{"jsonrpc":"2.0","id":1,"method":${method}}`, 'INVALID_REQUEST', 1]),
  ],
  [
    'S-MSG-12: params of the wrong type',
    ['null', '1', '"x"', 'true', '[]', '[{}]'].map((params): Case => [
      `{"jsonrpc":"2.0","id":1,"method":"m","params":${params}}`,
      'INVALID_PARAMS',
      1,
    ]),
  ],
  [
    'S-MSG-06: notices with params of the wrong type, which are never answered',
    ['null', '1', '"x"', '[]'].map((params): Case => [
      `{"jsonrpc":"2.0","method":"m","params":${params}}`,
      'INVALID_PARAMS',
      undefined,
      'notice',
    ]),
  ],
  [
    'a call and a reply in one',
    [
      ['{"jsonrpc":"2.0","id":1,"method":"m","result":{}}', 'INVALID_REQUEST', 1],
      ['{"jsonrpc":"2.0","id":1,"method":"m","error":{"code":1,"message":"x"}}', 'INVALID_REQUEST', 1],
      ['{"jsonrpc":"2.0","id":1,"method":"m","result":null}', 'INVALID_REQUEST', 1],
      ['{"jsonrpc":"2.0","method":"m","params":[],"result":{}}', 'INVALID_REQUEST'],
    ],
  ],
  [
    'neither a call nor a reply',
    [
      ['{}', 'INVALID_REQUEST'],
      ['{"jsonrpc":"2.0"}', 'INVALID_REQUEST'],
      ['{"jsonrpc":"2.0","id":1}', 'INVALID_REQUEST', 1],
      ['{"jsonrpc":"2.0","id":1,"params":{}}', 'INVALID_REQUEST', 1],
    ],
  ],
  [
    'S-MSG-04, S-MSG-05: broken replies, which are never answered',
    [
      ['{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}', 'INVALID_REQUEST', 1, 'reply'],
      ['{"jsonrpc":"2.0","id":1,"result":null}', 'INVALID_REQUEST', 1, 'reply'],
      ['{"jsonrpc":"2.0","id":1,"result":"x"}', 'INVALID_REQUEST', 1, 'reply'],
      ['{"jsonrpc":"2.0","id":1,"result":[]}', 'INVALID_REQUEST', 1, 'reply'],
      ['{"jsonrpc":"2.0","result":{}}', 'INVALID_REQUEST', undefined, 'reply'],
      ['{"jsonrpc":"2.0","id":null,"result":{}}', 'INVALID_REQUEST', undefined, 'reply'],
      ['{"jsonrpc":"2.0","id":1,"error":null}', 'INVALID_REQUEST', 1, 'reply'],
      ['{"jsonrpc":"2.0","id":1,"error":"x"}', 'INVALID_REQUEST', 1, 'reply'],
      ['{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":"x"}}', 'INVALID_REQUEST', 1, 'reply'],
      ['{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":"x"}}', 'INVALID_REQUEST', 1, 'reply'],
      ['{"jsonrpc":"2.0","id":1,"error":{"code":1}}', 'INVALID_REQUEST', 1, 'reply'],
    ],
  ],
  [
    'T9: members in another case are other members',
    [
      ['{"JSONRPC":"2.0","id":1,"method":"m"}', 'INVALID_REQUEST', 1],
      ['{"jsonrpc":"2.0","id":1,"Method":"m"}', 'INVALID_REQUEST', 1],
      ['{"jsonrpc":"2.0","id":1,"METHOD":"m","Params":{}}', 'INVALID_REQUEST', 1],
      ['{"jsonrpc":"2.0","ID":1,"Result":{}}', 'INVALID_REQUEST'],
    ],
  ],
  [
    'T8: what a prototype key carries is not the message',
    [
      ['{"__proto__":{"jsonrpc":"2.0","id":1,"method":"m"}}', 'INVALID_REQUEST'],
      ['{"jsonrpc":"2.0","__proto__":{"id":1,"method":"m"}}', 'INVALID_REQUEST'],
      ['{"jsonrpc":"2.0","constructor":{"prototype":{"id":1}}}', 'INVALID_REQUEST'],
    ],
  ],
  [
    'row 4, T24: batches that are empty or too long',
    [
      ['[]', 'INVALID_REQUEST'],
      [many(101, '{"jsonrpc":"2.0","id":1,"method":"m"}'), 'INVALID_REQUEST'],
      [many(1_000_000, '0'), 'INVALID_REQUEST'],
    ],
  ],
  [
    'row 4, T23: nesting without bound',
    [
      [nested(65), 'INVALID_REQUEST'],
      [`{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":${nested(63)}}}`, 'INVALID_REQUEST'],
      ['['.repeat(500_000), 'INVALID_REQUEST'],
      ['{"a":'.repeat(500_000), 'INVALID_REQUEST'],
      [`{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":${nested(250_000)}}}`, 'INVALID_REQUEST'],
    ],
  ],
])

for (const [what, cases] of REFUSED) {
  test(what, () => {
    for (const [text, fault, id, meant] of cases) {
      const message = parse(text) as InvalidMessage
      const label = text.slice(0, 80)
      assert.is(message.kind, 'invalid', label)
      assert.is(message.fault.fault, fault, label)
      assert.is(message.id, id, label)
      assert.is(message.meant, meant, label)
      assert.ok(message.fault.message.length < 100, 'T35: nothing of the message is repeated')
    }
  })
}

test('whatever arrives is read as something, and nothing is ever thrown', () => {
  const random = new Random(41)
  const good = [
    '"method":"m","id":1,"params":{"a":[1,null,"x"]}',
    '"method":"m"',
    '"id":1,"result":{"a":{}}',
    '"id":"x","error":{"code":1,"message":"e"}',
  ]
  const pieces = ['"', '\\', '{', '}', '[', ']', ',', ':', 'null', '1e9', '\u0000', '\ud800', '"id"', '"jsonrpc":"2.0"', '"method":', '']
  const kinds = new Set<string>()
  for (let round = 0; round < 20_000; round++) {
    let text = `{"jsonrpc":"2.0",${random.pick(good)}}`
    for (let change = random.below(6) + 1; change > 0; change--) {
      const at = random.below(text.length + 1)
      text = text.slice(0, at) + random.pick(pieces) + text.slice(at + random.below(30))
    }
    kinds.add(parse(text).kind)
  }
  assert.equal(kinds, new Set(['invalid', 'request', 'notice', 'reply']))
})

test('a batch holds what each of its elements is, up to a hundred', () => {
  const request = '{"jsonrpc":"2.0","id":1,"method":"m"}'
  const { items } = parse(`[${request},{"jsonrpc":"2.0","method":"n"},{"jsonrpc":"2.0","id":2,"result":{}},[],7]`) as BatchMessage
  assert.equal(
    items.map(item => item.kind),
    ['request', 'notice', 'reply', 'invalid', 'invalid'],
  )
  assert.is((parse(many(100, request)) as BatchMessage).items.length, 100)
})

test('the deepest nesting that is allowed is read, as text and as a value', () => {
  const text = `{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":${nested(MESSAGE_LIMITS.depth - 2)}}}`
  assert.is(parse(text).kind, 'request')
  assert.is(read(JSON.parse(text)).kind, 'request')
  const limits = { depth: 3, batch: 2 }
  assert.is(parse('{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":{}}}', limits).kind, 'request')
  assert.is(parse('{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":{"b":{}}}}', limits).kind, 'invalid')
  assert.is(parse(many(2, '{}'), limits).kind, 'batch')
  assert.is(parse(many(3, '{}'), limits).kind, 'invalid')
})

test('row 4, T23: a value that something else has parsed is held to the same bounds', () => {
  for (const text of [nested(65), nested(100_000), many(101, '{}'), '{"a":'.repeat(65) + '1' + '}'.repeat(65)]) {
    const message = read(JSON.parse(text)) as InvalidMessage
    assert.is(message.kind, 'invalid', text.slice(0, 80))
    assert.is(message.fault.fault, 'INVALID_REQUEST')
  }
  for (const [text] of REFUSED.get('S-MSG-12: params of the wrong type') as readonly Case[]) {
    assert.is((read(JSON.parse(text)) as InvalidMessage).fault.fault, 'INVALID_PARAMS')
  }
})

test('row 20: of a member that comes twice the last counts, for every member', () => {
  const text =
    '{"jsonrpc":"1.0","id":1,"method":"a","params":{"name":"x","name":"y"},"id":2,"method":"b","params":{"name":"z","name":"w"},"jsonrpc":"2.0"}'
  assert.equal(parse(text), { kind: 'request', id: 2, method: 'b', params: { name: 'w' } })
  assert.is((parse('{"jsonrpc":"2.0","id":1,"method":"a","jsonrpc":"1.0"}') as InvalidMessage).fault.fault, 'INVALID_REQUEST')
  assert.is((parse('{"jsonrpc":"2.0","id":1,"id":null,"method":"a"}') as InvalidMessage).id, undefined)
})

test('T8: a member called __proto__ is data of its own and changes nothing else', () => {
  const message = parse('{"jsonrpc":"2.0","id":1,"method":"m","params":{"__proto__":{"polluted":true},"constructor":1}}')
  const params = 'params' in message ? message.params : undefined
  assert.equal(Object.keys(params ?? {}), ['__proto__', 'constructor'])
  assert.is((params as { polluted?: unknown }).polluted, undefined)
  assert.is(({} as { polluted?: unknown }).polluted, undefined)
})

test('S-MSG-01, S-MSG-02: what is written is what is read', () => {
  const params = { text: 'é🦀 "quoted" \\ \u2028\n', list: [1, null] }
  for (const id of [0, -1, Number.MAX_SAFE_INTEGER, '', '1', 'a"b\\', 'é🦀', '\u2028']) {
    assert.equal(parse(encodeRequest(id, 'm "x"', params)), { kind: 'request', id, method: 'm "x"', params })
    assert.equal(parse(encodeRequest(id, 'm')), { kind: 'request', id, method: 'm', params: undefined })
    assert.equal(parse(encodeResult(id, json(params))), { kind: 'reply', id, result: params, error: undefined })
    assert.equal(parse(encodeError(id, { code: 1, message: 'é' })), {
      kind: 'reply',
      id,
      result: undefined,
      error: { code: 1, message: 'é' },
    })
  }
  assert.equal(parse(encodeNotice('n', params)), { kind: 'notice', method: 'n', params })
  assert.equal(parse(encodeNotice('n')), { kind: 'notice', method: 'n', params: undefined })
  assert.not('id' in (JSON.parse(encodeNotice('n')) as object), 'S-MSG-07')
})

test('S-MSG-08: an id that could not be read is null before 2025-11-25, and absent since or when the revision is unknown', () => {
  const fault = new Fault('INVALID_REQUEST')
  const idIn = (revision?: (typeof REVISIONS)[number]) => (JSON.parse(encodeFault(undefined, fault, revision).text) as { id?: null }).id
  assert.equal(
    REVISIONS.map(revision => idIn(revision)),
    [null, null, null, undefined, undefined],
  )
  assert.is(idIn(), undefined)
})

test('a fault becomes the number, status, text and data of its row; its cause never leaves', () => {
  const fault = new Fault('RESOURCE_NOT_FOUND', 'No such page', { data: { uri: 'x://y' }, cause: new Error('secret') })
  const { text, status } = encodeFault(3, fault, '2026-07-28')
  assert.is(status, 200)
  assert.equal(JSON.parse(text), { jsonrpc: '2.0', id: 3, error: { code: -32602, message: 'No such page', data: { uri: 'x://y' } } })
  assert.is((JSON.parse(encodeFault(3, fault, '2025-06-18').text) as { error: { code: number } }).error.code, -32002)
  assert.not('data' in (JSON.parse(encodeFault(3, new Fault('INTERNAL_ERROR')).text) as { error: object }).error)
})

test.run()
