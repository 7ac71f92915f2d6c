/** WebSocket frames that are not allowed. */
import { frame, OPCODE, upgradeText, type Shape } from '../../../packages/ws/test/wire.ts'
import { DEAF, END, RESET, type BytesCase, type Case, type Expected, type Piece } from '../case.ts'
import { ENVELOPE, request } from '../message.ts'

const GOOD = JSON.stringify(request('exchange', 'tools/list'))
const OPEN = upgradeText({ 'Sec-WebSocket-Protocol': 'mcp' })

/** A call whose answer is larger than anybody keeps for somebody who does not read it. */
const FLOOD = JSON.stringify(
  request('exchange', 'tools/call', { name: 'flood', _meta: { ...ENVELOPE, 'io.modelcontextprotocol/logLevel': 'emergency' } }),
)

type Door = BytesCase['door']

/** A connection is opened, and then these frames come. */
const frames = (name: string, rule: string, sent: readonly Piece[], expect: Expected, door: Door = 'ws', within?: number): Case => ({
  kind: 'bytes',
  name,
  rule,
  door,
  pieces: [OPEN, ...sent],
  expect,
  ...(within === undefined ? {} : { within }),
})
const closes = (close: number | readonly number[]): Expected => ({ outcome: 'closed', close })
const illegal = (name: string, rule: string, ...sent: readonly Piece[]): Case => frames(name, rule, sent, closes(1002))
const text = (payload: string | Uint8Array, shape: Shape = {}): Buffer => frame(OPCODE.text, payload, shape)
const code = (value: number, reason: string | Uint8Array = ''): Buffer => {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return frame(OPCODE.close, Buffer.concat([bytes, Buffer.from(reason as string)]))
}
/** A head with these bytes and nothing behind it. */
const bare = (...bytes: readonly number[]): Buffer => Buffer.from(bytes)
const mask = [1, 2, 3, 4]

const SERVED: Expected = { outcome: 'served' }
const NOT_UTF8: readonly (readonly [what: string, hex: string])[] = [
  ['a lone continuation byte', '80'],
  ['0xff', 'ff'],
  ['0xfe', 'fe'],
  ['an overlong slash', 'c0af'],
  ['an overlong NUL', 'c080'],
  ['a surrogate', 'eda080'],
  ['a pair of surrogates', 'eda080edb080'],
  ['beyond U+10FFFF', 'f4908080'],
  ['a character that is cut off', 'e282'],
  ['a character of five bytes', 'f888808080'],
  ['a byte of Latin-1', '7be9 7d'.replace(' ', '')],
]
const BAD_CODES = [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535]
const GOOD_CODES = [1000, 1001, 1003, 1007, 1008, 1011, 3000, 4999]

export const FRAME_CASES: readonly Case[] = [
  illegal('a frame that is not masked', 'RFC 6455 section 5.1', text(GOOD, { masked: false })),
  illegal('an empty frame that is not masked', 'RFC 6455 section 5.1', text('', { masked: false })),
  illegal('a ping that is not masked', 'RFC 6455 section 5.1', frame(OPCODE.ping, 'x', { masked: false })),
  ...[1, 2, 3, 4, 5, 6, 7].map(rsv => illegal(`the reserved bits ${rsv}`, 'RFC 6455 section 5.2', text(GOOD, { rsv }))),
  ...[1, 2, 4].map(rsv => illegal(`the reserved bits ${rsv} on a ping`, 'RFC 6455 section 5.2', frame(OPCODE.ping, '', { rsv }))),
  illegal('a compressed frame where none was agreed on', 'T25, RFC 7692 section 6', text(Buffer.from('4a2f02', 'hex'), { rsv: 4 })),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(opcode =>
    illegal(`the reserved opcode ${opcode}`, 'RFC 6455 section 5.2', frame(opcode, 'x')),
  ),
  ...[OPCODE.close, OPCODE.ping, OPCODE.pong].map(opcode =>
    illegal(
      `a control frame ${opcode} in pieces`,
      'RFC 6455 section 5.5',
      frame(opcode, opcode === OPCODE.close ? '' : 'x', { fin: false }),
    ),
  ),
  ...[OPCODE.close, OPCODE.ping, OPCODE.pong].map(opcode =>
    illegal(`a control frame ${opcode} of 126 bytes`, 'RFC 6455 section 5.5', frame(opcode, 'x'.repeat(126))),
  ),
  illegal('a ping of 64 KiB', 'RFC 6455 section 5.5', frame(OPCODE.ping, 'x'.repeat(65_536))),
  illegal('a continuation without a beginning', 'RFC 6455 section 5.4', frame(OPCODE.continuation, GOOD)),
  illegal('an end without a beginning', 'RFC 6455 section 5.4', frame(OPCODE.continuation, '')),
  illegal('a beginning in the middle of a message', 'RFC 6455 section 5.4', text('{', { fin: false }), text(GOOD)),
  illegal('a binary beginning in the middle of a message', 'RFC 6455 section 5.4', text('{', { fin: false }), frame(OPCODE.binary, 'x')),
  frames(
    'a continuation behind the end of a message',
    'RFC 6455 section 5.4',
    [text('{', { fin: false }), frame(OPCODE.continuation, '}'), frame(OPCODE.continuation, '')],
    { outcome: 'refused', code: -32600, close: 1002 },
  ),
  frames(
    'a length with its highest bit set',
    'RFC 6455 section 5.2',
    [bare(0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, ...mask)],
    closes([1002, 1009]),
  ),
  frames(
    'a length of 2^63 - 1',
    'RFC 6455 section 5.2, T24',
    [bare(0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, ...mask)],
    closes(1009),
  ),
  frames('a length of 2^53', 'RFC 6455 section 5.2, T24', [bare(0x81, 0xff, 0, 0x20, 0, 0, 0, 0, 0, 0, ...mask)], closes(1009)),
  frames('a length of 1 GiB', 'S-WS-03, T24', [bare(0x81, 0xff, 0, 0, 0, 0, 0x40, 0, 0, 0, ...mask)], closes(1009)),
  frames('a message over the limit', 'S-WS-03, T24', [text('x'.repeat(70_000))], closes(1009), 'hastyWs'),
  frames(
    'a message over the limit in pieces',
    'S-WS-03, T24',
    [text('x'.repeat(40_000), { fin: false }), frame(OPCODE.continuation, 'x'.repeat(40_000))],
    closes(1009),
    'hastyWs',
  ),
  frames(
    'pieces without an end',
    'S-WS-03, T24',
    [text('', { fin: false }), ...Array.from({ length: 80 }, () => frame(OPCODE.continuation, 'x'.repeat(1000), { fin: false }))],
    closes(1009),
    'hastyWs',
  ),
  frames(
    '200,000 empty pieces',
    'S-WS-03, T24',
    [text('', { fin: false }), Buffer.concat(Array.from({ length: 200_000 }, () => frame(OPCODE.continuation, '', { fin: false })))],
    closes([1008, 1009]),
  ),
  frames('a binary frame', 'S-WS-03', [frame(OPCODE.binary, GOOD)], closes(1003)),
  frames('an empty binary frame', 'S-WS-03', [frame(OPCODE.binary)], closes(1003)),
  frames(
    'a binary message in pieces',
    'S-WS-03',
    [frame(OPCODE.binary, '{', { fin: false }), frame(OPCODE.continuation, '}')],
    closes(1003),
  ),
  ...NOT_UTF8.map(([what, hex]) =>
    frames(`text that is not UTF-8: ${what}`, 'S-WS-03, RFC 6455 section 8.1', [text(Buffer.from(hex, 'hex'))], closes(1007)),
  ),
  frames(
    'a character cut in two pieces of which one never comes',
    'RFC 6455 section 8.1',
    [text(Buffer.from('7be2', 'hex'), { fin: false }), frame(OPCODE.continuation, Buffer.from('7d', 'hex'))],
    closes(1007),
  ),
  frames(
    'a character cut in two pieces',
    'RFC 6455 section 5.4',
    [
      text(Buffer.from('{"jsonrpc":"2.0","id":"é","method":"ping"}').subarray(0, 25), { fin: false }),
      frame(OPCODE.continuation, Buffer.from('{"jsonrpc":"2.0","id":"é","method":"ping"}').subarray(25)),
    ],
    { ...SERVED, id: 'é' },
  ),
  frames(
    'a message in frames of one byte, with pings between',
    'RFC 6455 section 5.4',
    [
      text('', { fin: false }),
      ...Array.from(GOOD).map((each, index) =>
        Buffer.concat([frame(OPCODE.continuation, each, { fin: false }), ...(index % 10 === 0 ? [frame(OPCODE.ping, '')] : [])]),
      ),
      frame(OPCODE.continuation, ''),
    ],
    SERVED,
  ),
  frames(
    'a frame byte by byte',
    'plain sense: where TCP cuts is nobody’s concern',
    Array.from(text(GOOD), byte => Buffer.from([byte])),
    SERVED,
  ),
  ...BAD_CODES.map(value => illegal(`the close code ${value}`, 'RFC 6455 section 7.4', code(value))),
  illegal('a close frame of one byte', 'RFC 6455 section 5.5.1', frame(OPCODE.close, 'x')),
  frames('a close reason that is not UTF-8', 'RFC 6455 section 5.5.1', [code(1000, Buffer.from('ff', 'hex'))], closes(1007)),
  ...GOOD_CODES.map(value =>
    frames(`the close code ${value} is answered`, 'RFC 6455 section 5.5.1', [code(value, 'bye')], closes([value, 1000])),
  ),
  frames('a close frame without a code is answered', 'RFC 6455 section 5.5.1', [frame(OPCODE.close)], closes([1000, 1005])),
  frames('a message behind the close frame', 'RFC 6455 section 5.5.1', [code(1000), text(GOOD)], closes(1000)),
  frames('an illegal frame behind the close frame', 'RFC 6455 section 5.5.1', [code(1000), text(GOOD, { masked: false })], closes(1000)),
  frames('a pong that nobody asked for is of no interest', 'RFC 6455 section 5.5.3', [frame(OPCODE.pong, 'x'), text(GOOD)], SERVED),
  frames(
    '10,000 pings whose answers are not waited for',
    'plain sense: whoever only pings is cut before his pongs pile up',
    [Buffer.concat(Array.from({ length: 10_000 }, () => frame(OPCODE.ping, 'x'))), text(GOOD)],
    { outcome: 'closed' },
  ),
  frames(
    '10,000 pongs',
    'RFC 6455 section 5.5.3',
    [Buffer.concat(Array.from({ length: 10_000 }, () => frame(OPCODE.pong, 'x'))), text(GOOD)],
    SERVED,
  ),
  frames(
    'ten frames in a row that are no message',
    'S-WS-04',
    Array.from({ length: 10 }, () => text('x')),
    { outcome: 'refused', code: -32700, close: 1008, answers: 10 },
  ),
  frames('a reader that stops', 'S-WS-09, row 18', [text(FLOOD), DEAF, { wait: 2500 }, RESET], { outcome: 'closed' }, 'hastyWs'),
  frames(
    'a reader that stops and asks on',
    'S-WS-09, row 18',
    [text(FLOOD), DEAF, ...Array.from({ length: 200 }, () => text(GOOD)), { wait: 500 }, RESET],
    { outcome: 'closed' },
  ),
  frames('an empty message', 'S-MSG-08', [text('')], { outcome: 'refused', code: -32700 }),
  frames('a message that begins with a byte order mark', 'RFC 8259 section 8.1', [text(`\ufeff${GOOD}`)], {
    outcome: 'refused',
    code: -32700,
  }),
  frames('two messages in one frame', 'S-WS-03', [text(`${GOOD}\n${GOOD}`)], { outcome: 'refused', code: -32700 }),
  frames('a client that leaves without a word', 'plain sense: whoever leaves is not answered', [text(GOOD), RESET], {
    outcome: 'closed',
  }),
  frames(
    'a client that leaves in the middle of a frame',
    'plain sense: whoever leaves is not answered',
    [text(GOOD).subarray(0, 20), RESET],
    { outcome: 'closed' },
  ),
  frames('a client that closes its half', 'RFC 6455 section 7.1.1', [END], { outcome: 'closed' }),
  frames('a client that answers no ping is cut', 'S-WS-07, S-WS-08', [], { outcome: 'closed' }, 'hastyWs', 12_000),
]
