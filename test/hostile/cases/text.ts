/** Text that is not Unicode, or is in a way that somebody might trip over. */
import { ALL, EVERYWHERE, LINKS, SESSIONS, type Case } from '../case.ts'
import { asked, BAD_PARAMS, ID, NOT_JSON, one, request, SERVED, Worded, FAILED } from '../message.ts'

/** A good call with raw bytes in its argument. */
const spoiled = (what: string, hex: string): Case =>
  one(`bytes that are not UTF-8: ${what}`, 'S-HTTP-36', new Worded(talk => spliced(talk, Buffer.from(hex, 'hex'))), NOT_JSON, {
    over: ALL.filter(way => !way.startsWith('ws')),
  })

function spliced(talk: Parameters<typeof request>[0], bytes: Buffer): Buffer {
  const [before = '', after = ''] = JSON.stringify(request(talk, 'tools/call', { name: 'echo', arguments: { text: 'SPLICE' } })).split(
    'SPLICE',
  )
  return Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)])
}

const BYTES: readonly (readonly [what: string, hex: string])[] = [
  ['a lone continuation byte', '80'],
  ['0xff', 'ff'],
  ['0xfe 0xff', 'feff'],
  ['an overlong slash', 'c0af'],
  ['an overlong NUL', 'c080'],
  ['an overlong quote', 'c0a2'],
  ['an overlong line feed of three bytes', 'e0808a'],
  ['half a surrogate pair', 'eda080'],
  ['a pair of surrogates', 'eda080edb080'],
  ['beyond U+10FFFF', 'f4908080'],
  ['five bytes', 'f888808080'],
  ['six bytes', 'fc8480808080'],
  ['a character that is cut off', 'e282'],
  ['a cut one before the quote', 'f09f98'],
  ['Latin-1', 'e9'],
  ['Windows-1252', '9394'],
]

const TEXTS: readonly (readonly [what: string, text: string])[] = [
  ['a lone high surrogate', '\ud800'],
  ['a lone low surrogate', '\udc00'],
  ['surrogates the wrong way round', '\udc00\ud800'],
  ['a NUL', 'a\u0000b'],
  ['line ends', 'a\r\nb\nc\rd'],
  ['line ends of an event stream', 'x\n\nevent: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n'],
  ['a line separator', '\u2028\u2029'],
  ['a byte order mark', '\ufeff'],
  ['a noncharacter', '\uffff\ufffe'],
  ['right to left', '\u202e\u2066evil'],
  ['tags', '\u{e0041}\u{e007f}'],
  ['a private character', '\ue000\u{f0000}'],
  ['combining marks', `a${'\u0301'.repeat(1000)}`],
  ['an escape sequence', '\u001b[2J\u001b]0;evil\u0007'],
  ['markup', '<script>alert(1)</script>'],
  ['a template', '{{constructor.constructor("return process")()}}'],
  ['a format', '%s%n%p'],
  ['an interpolation', '${process.env}'],
  ['a header', 'x\r\nSet-Cookie: evil=1\r\n\r\n'],
  ['quotes', '"\\"\\\\'],
]

export const TEXT_CASES: readonly Case[] = [
  ...BYTES.map(([what, hex]) => spoiled(what, hex)),
  ...TEXTS.map(([what, text]) =>
    asked(`${what} in an argument comes back as it is`, 'S-MSG-01, T27', 'tools/call', { name: 'echo', arguments: { text } }, SERVED),
  ),
  ...TEXTS.map(([what, text]) =>
    asked(`${what} in the name of a tool`, 'S-TOOL-07, T27', 'tools/call', { name: text }, BAD_PARAMS, {
      over: [...LINKS, 'http session'],
    }),
  ),
  ...TEXTS.map(([what, text]) =>
    asked(`${what} in a key of the arguments`, 'S-TOOL-09, T27', 'tools/call', { name: 'sum', arguments: { [text]: 1 } }, FAILED),
  ),
  ...TEXTS.map(([what, text]) =>
    asked(
      `${what} as a progress token`,
      'S-PROG-01, T27',
      'tools/call',
      { name: 'chatter', _meta: { progressToken: text } },
      { outcome: 'answered', status: 200, says: /"chattered"/ },
      { over: ['http session'] },
    ),
  ),
  ...TEXTS.map(([what, text]) =>
    asked(`${what} in a prompt is a text`, 'S-PRM-05, row 23', 'prompts/get', { name: 'review', arguments: { code: text } }, SERVED),
  ),
  ...TEXTS.map(([what, text]) =>
    one(
      `${what} as the reason of a cancellation`,
      'S-PROG-07, T28',
      { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'none', reason: text } },
      { outcome: 'silence', status: 202 },
    ),
  ),
  one(
    'a text that is cut in a character by the network is a text',
    'S-STD-04',
    new Worded(talk => spliced(talk, Buffer.from('é€😀'.repeat(100)))),
    { ...SERVED, says: /é€😀/ },
  ),
  one(
    'a byte order mark in front',
    'RFC 8259 section 8.1',
    new Worded(talk => `\ufeff${JSON.stringify(request(talk, 'tools/list'))}`),
    NOT_JSON,
    { over: EVERYWHERE.filter(way => !way.startsWith('stdio')) },
  ),
  one(
    'two byte order marks in front',
    'RFC 8259 section 8.1',
    new Worded(talk => `\ufeff\ufeff${JSON.stringify(request(talk, 'tools/list'))}`),
    NOT_JSON,
  ),
  one('a byte order mark in the middle', 'RFC 8259 section 8.1', '{\ufeff"jsonrpc":"2.0"}', NOT_JSON),
  one(
    'a handshake with a name of odd text',
    'S-MSG-01',
    { jsonrpc: '2.0', id: ID, method: 'ping', params: { _meta: { '\ud800\u0000\r\n': '\ud800' } } },
    SERVED,
    { over: SESSIONS },
  ),
]
