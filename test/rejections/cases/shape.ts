/** What is no JSON-RPC message, whatever the conversation. */
import { ENVELOPE, exchange, ID, raw, type Case } from '../case.ts'

const NOT_JSON = { status: 400, code: -32700, id: 'none', official: [400, -32700] } as const
const NO_MESSAGE = { status: 400, code: -32600, id: 'none' } as const
const OFFICIAL = { ...NO_MESSAGE, official: [400, -32600] } as const
const text = (message: object) => JSON.stringify(message)
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const many = (count: number, item: object) => `[${Array.from({ length: count }, () => text(item)).join(',')}]`
const call = { jsonrpc: '2.0', id: ID, method: 'tools/list', params: { _meta: ENVELOPE } }

const withId = (id: string) => `{"jsonrpc":"2.0","id":${id},"method":"tools/list","params":${text({ _meta: ENVELOPE })}}`

export const SHAPE: readonly Case[] = [
  raw('half an object', '{"jsonrpc":"2.0"', NOT_JSON),
  raw('a word', 'hello', NOT_JSON),
  raw('two messages in one', `${text(call)}${text(call)}`, NOT_JSON),
  raw('a byte order mark in front', `\ufeff${text(call)}`, { ...NOT_JSON, link: 'served' }),
  raw('bytes that are not UTF-8', Buffer.from('{"jsonrpc":"2.0","id":1,"method":"\xff"}', 'latin1'), NOT_JSON),

  ...['null', 'true', '7', '"tools/list"'].map(value => raw(`JSON that is no object: ${value}`, value, NO_MESSAGE)),
  raw('an object with nothing in it', '{}', NO_MESSAGE),
  raw('an id and nothing else', text({ jsonrpc: '2.0', id: ID }), { ...NO_MESSAGE, id: ID }),

  ...['"1.0"', '"2"', '2', '2.0', 'null', '["2.0"]'].map(value =>
    raw(`S-MSG-03: jsonrpc is ${value}`, text(call).replace('"2.0"', value), { ...NO_MESSAGE, id: ID }),
  ),
  exchange('S-MSG-03: no jsonrpc', 'tools/list', {}, { ...NO_MESSAGE, id: ID }, { jsonrpc: undefined }),

  raw('S-MSG-03: the id is null', withId('null'), OFFICIAL),
  raw('S-MSG-03: the id is fractional', withId('1.5'), OFFICIAL),
  ...['true', '[]', '[1]', '{}', '-0.5', '9007199254740992', '-9007199254740992', '1e300', '1e999'].map(id =>
    raw(`S-MSG-03: the id is ${id}`, withId(id), NO_MESSAGE),
  ),

  ...[null, 1, true, [], {}].map(method => exchange(`the method is ${text({ method })}`, method, {}, { ...NO_MESSAGE, id: ID })),
  ...[null, 1, 'x', true, [], [{}]].map(params =>
    exchange(`S-MSG-12: the params are ${JSON.stringify(params)}`, 'tools/list', {}, { status: 400, code: -32602 }, { params }),
  ),
  raw('S-MSG-06: a notice whose params are a list', '{"jsonrpc":"2.0","method":"notifications/cancelled","params":[1]}', {
    status: 400,
    code: -32602,
    id: 'none',
    link: 'silence',
  }),

  exchange('a call and a result in one', 'tools/list', {}, { ...NO_MESSAGE, id: ID }, { result: {} }),
  exchange('a call and an error in one', 'tools/list', {}, { ...NO_MESSAGE, id: ID }, { error: { code: 1, message: 'x' } }),
  raw('S-MSG-04: a result and an error in one', text({ jsonrpc: '2.0', id: ID, result: {}, error: { code: 1, message: 'x' } }), {
    ...NO_MESSAGE,
    id: ID,
    link: 'silence',
  }),
  raw('a result that is no object', text({ jsonrpc: '2.0', id: ID, result: 'x' }), { ...NO_MESSAGE, id: ID, link: 'silence' }),
  raw('a result without an id', text({ jsonrpc: '2.0', result: {} }), { ...NO_MESSAGE, link: 'silence' }),
  raw('S-MSG-05: an error without a number', text({ jsonrpc: '2.0', id: ID, error: { message: 'x' } }), {
    ...NO_MESSAGE,
    id: ID,
    link: 'silence',
  }),
  raw('S-HTTP-09: a reply to a server that asked nothing', text({ jsonrpc: '2.0', id: ID, result: {} }), {
    ...NO_MESSAGE,
    link: 'silence',
  }),

  raw('row 4: an empty batch', '[]', NO_MESSAGE),
  raw('a batch of one stateless request', text([call]), OFFICIAL),
  raw('row 4, T24: a batch of 101', many(101, { jsonrpc: '2.0', id: 1, method: 'ping' }), NO_MESSAGE),
  raw('row 4, T23: lists in lists, 65 deep', nested(65), NO_MESSAGE),
  raw('row 4, T23: 500,000 lists that never end', '['.repeat(500_000), NO_MESSAGE),
  raw('row 4, T23: objects in objects, 100,000 deep', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, NO_MESSAGE),
  exchange('T23: arguments 65 deep', 'tools/call', { name: 'echo', arguments: JSON.parse(`{"text":${nested(65)}}`) }, NO_MESSAGE),

  raw('T9: jsonrpc in capitals', text(call).replace('jsonrpc', 'JSONRPC'), { ...NO_MESSAGE, id: ID }),
  raw('T9: the method in capitals', text(call).replace('"method"', '"Method"'), { ...NO_MESSAGE, id: ID }),
  raw('T9: the id in capitals leaves a notice, which is never answered', '{"jsonrpc":"2.0","ID":1,"method":"tools/list","params":7}', {
    status: 400,
    code: -32602,
    id: 'none',
    link: 'silence',
  }),
  raw('T8: a message behind a prototype key', `{"__proto__":${text(call)}}`, NO_MESSAGE),
  raw('T8: a method behind a prototype key', '{"jsonrpc":"2.0","id":"the-id","__proto__":{"method":"tools/list"}}', {
    ...NO_MESSAGE,
    id: ID,
  }),
  raw('row 20: jsonrpc twice, and the second is wrong', text(call).replace('{', '{"jsonrpc":"2.0",').replace('"2.0","id"', '"1.0","id"'), {
    ...NO_MESSAGE,
    id: ID,
  }),
]
