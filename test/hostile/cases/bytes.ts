/** HTTP that is broken as HTTP: framing that can be read in two ways, heads and bodies that come slowly, too large, or not at all. */
import { DEAF, END, RESET, type BytesCase, type Case, type Expected, type Piece } from '../case.ts'
import { ENVELOPE, request } from '../message.ts'

const BODY = JSON.stringify(request('exchange', 'tools/list'))
const ACCEPT = 'Accept: application/json, text/event-stream'
const MODERN = ['MCP-Protocol-Version: 2026-07-28', 'Mcp-Method: tools/list']
const BASE = ['Host: localhost', 'Content-Type: application/json', ACCEPT, ...MODERN]

/** A request with these lines beside the usual ones. */
const head = (...lines: readonly string[]): string => `${['POST /mcp HTTP/1.1', ...BASE, ...lines].join('\r\n')}\r\n\r\n`
const withLength = (...lines: readonly string[]): string => head(`Content-Length: ${BODY.length}`, ...lines)
const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`

const REFUSED: Expected = { outcome: 'refused', status: 400 }
const TOO_LARGE: Expected = { outcome: 'refused', status: 413, code: -32000 }
const LATE: Expected = { outcome: 'refused', status: 408 }
const SERVED: Expected = { outcome: 'served', status: 200 }
const CLOSED: Expected = { outcome: 'closed' }
const HEAD_TOO_LARGE: Expected = { outcome: 'refused', status: 431 }

const bytes = (
  name: string,
  rule: string,
  pieces: readonly Piece[],
  expect: Expected = REFUSED,
  door: BytesCase['door'] = 'http',
  within?: number,
): Case => ({ kind: 'bytes', name, rule, door, pieces, expect, ...(within === undefined ? {} : { within }) })
/** A head that must not be taken, and a good body. */
const framed = (name: string, rule: string, lines: readonly string[], body: string = BODY, expect: Expected = REFUSED): Case =>
  bytes(name, rule, [`${head(...lines)}${body}`], expect)

const LENGTHS = [
  '-1',
  '+5',
  '0x10',
  '1e3',
  '5.0',
  '5,5',
  '5, 6',
  '5 5',
  'five',
  '',
  ' ',
  '18446744073709551616',
  '9'.repeat(30),
  '\u0665',
  '5;x',
]
const NAMES = ['', ' X', 'X Y', 'X\u0000', '"X"', 'X\u00e9', '(X)', 'X@Y', 'X\u007f', 'X/Y', '{X}', 'X,Y', '\u000bX']
const CHUNKS: readonly (readonly [what: string, body: string])[] = [
  ['a size that is no number', `zz\r\n${BODY}\r\n0\r\n\r\n`],
  ['a negative size', `-1\r\n${BODY}\r\n0\r\n\r\n`],
  ['a size with 0x', `0x${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`],
  ['a size over 2^64', `10000000000000000\r\n${BODY}\r\n0\r\n\r\n`],
  ['a size of 1,000 digits', `${'f'.repeat(1000)}\r\n`],
  ['a size that is too small', `5\r\n${BODY}\r\n0\r\n\r\n`],
  ['line feeds alone', `${BODY.length.toString(16)}\n${BODY}\n0\n\n`],
  ['no line end behind a chunk', `${BODY.length.toString(16)}\r\n${BODY}0\r\n\r\n`],
  ['a blank before the size', ` ${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`],
  ['nothing but an empty size', `\r\n\r\n`],
  ['a size with a plus', `+${BODY.length.toString(16)}\r\n${BODY}\r\n0\r\n\r\n`],
  ['a NUL in the size', `5\u0000\r\n`],
]
const LINES: readonly (readonly [what: string, line: string])[] = [
  ['no version', 'POST /mcp'],
  ['HTTP/0.9', 'GET /mcp'],
  ['HTTP/3.0', 'POST /mcp HTTP/3.0'],
  ['HTTP/1.10', 'POST /mcp HTTP/1.10'],
  ['http/1.1', 'POST /mcp http/1.1'],
  ['a method that is none', 'EVIL /mcp HTTP/1.1'],
  ['a method in lower case', 'post /mcp HTTP/1.1'],
  ['no path', 'POST HTTP/1.1'],
  ['a path with a blank', 'POST /m cp HTTP/1.1'],
  ['a path with a NUL', 'POST /mcp\u0000 HTTP/1.1'],
  ['an empty line', ''],
  ['a blank in front', ' POST /mcp HTTP/1.1'],
  ['two blanks', 'POST  /mcp HTTP/1.1 x'],
  ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM'],
  ['SSH', 'SSH-2.0-OpenSSH_9.0'],
  ['SMTP', 'EHLO evil'],
  ['a bare message', BODY],
]
const PATHS = [
  '/',
  '/mcp/',
  '//mcp',
  '/mcp/..',
  '/./mcp',
  '/../mcp',
  '/%6dcp',
  '/MCP',
  '/mcp%00',
  '/mcp%2f',
  '/mcp;x',
  '/mcp\\',
  '/__proto__',
  '/constructor',
  '/etc/passwd',
  '/../../etc/passwd',
  '/.well-known/x',
  '*',
  'http://evil.example/mcp2',
  '/mcp2',
  '/sse',
  '/messages',
  `/${'x'.repeat(8000)}`,
]

const smuggled = `POST /mcp HTTP/1.1\r\n${BASE.join('\r\n')}\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`

/** A call whose answer is larger than anybody keeps for somebody who does not read it. */
const FLOOD = JSON.stringify(
  request('exchange', 'tools/call', { name: 'flood', _meta: { ...ENVELOPE, 'io.modelcontextprotocol/logLevel': 'emergency' } }),
)
const flooded = `${['POST /mcp HTTP/1.1', ...BASE.slice(0, 4), 'Mcp-Method: tools/call', 'Mcp-Name: flood', `Content-Length: ${FLOOD.length}`].join('\r\n')}\r\n\r\n${FLOOD}`

export const BYTES_CASES: readonly Case[] = [
  framed(
    'both a length and chunks',
    'RFC 9112 section 6.1',
    [`Content-Length: ${BODY.length}`, 'Transfer-Encoding: chunked'],
    `${chunk(BODY)}0\r\n\r\n`,
  ),
  framed(
    'both a length and chunks, the other way round',
    'RFC 9112 section 6.1',
    ['Transfer-Encoding: chunked', `Content-Length: ${BODY.length}`],
    `${chunk(BODY)}0\r\n\r\n`,
  ),
  framed(
    'a length that ends before a smuggled request, and chunks',
    'RFC 9112 section 6.1',
    ['Content-Length: 4', 'Transfer-Encoding: chunked'],
    `0\r\n\r\n${smuggled}`,
  ),
  framed('two lengths that differ', 'RFC 9112 section 6.3', [`Content-Length: ${BODY.length}`, 'Content-Length: 3']),
  framed('two lengths that agree', 'RFC 9112 section 6.3', [`Content-Length: ${BODY.length}`, `Content-Length: ${BODY.length}`]),
  ...LENGTHS.map(length => framed(`the length ${JSON.stringify(length)}`, 'RFC 9112 section 6.3', [`Content-Length: ${length}`])),
  ...[
    'chunked, identity',
    'identity, chunked, x',
    'chunked, chunked',
    'xchunked',
    'chunked;x',
    'gzip',
    'identity',
    '"chunked"',
    'chunked\u000b',
    ',chunked,x',
    '\u00a0chunked',
  ].map(coding =>
    framed(
      `Transfer-Encoding ${JSON.stringify(coding)}`,
      'RFC 9112 section 6.1',
      [`Transfer-Encoding: ${coding}`],
      `${chunk(BODY)}0\r\n\r\n`,
      { outcome: 'refused', status: [400, 501] },
    ),
  ),
  framed(
    'Transfer-Encoding twice',
    'RFC 9112 section 6.1',
    ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
    `${chunk(BODY)}0\r\n\r\n`,
  ),
  framed(
    'a blank before the colon of Transfer-Encoding',
    'RFC 9112 section 5.1',
    ['Transfer-Encoding : chunked'],
    `${chunk(BODY)}0\r\n\r\n`,
  ),
  framed('a folded Transfer-Encoding', 'RFC 9112 section 5.2', ['Transfer-Encoding:\r\n chunked', `Content-Length: ${BODY.length}`]),
  framed('a folded header', 'RFC 9112 section 5.2', ['X-Folded: a\r\n b', `Content-Length: ${BODY.length}`]),
  ...NAMES.map(name =>
    framed(`the header name ${JSON.stringify(name)}`, 'RFC 9110 section 5.1', [`${name}: x`, `Content-Length: ${BODY.length}`]),
  ),
  ...['a\u0000b', 'a\rb', 'a\nb', 'a\u007fb', 'a\u0001b'].map(value =>
    framed(`the header value ${JSON.stringify(value)}`, 'RFC 9110 section 5.5', [`X-Value: ${value}`, `Content-Length: ${BODY.length}`]),
  ),
  framed('a line without a colon', 'RFC 9112 section 5', ['NoColon', `Content-Length: ${BODY.length}`]),
  framed('line feeds instead of line ends', 'RFC 9112 section 2.2', [`X: y\nContent-Length: ${BODY.length}`], BODY, {
    outcome: 'refused',
    status: 400,
  }),
  ...CHUNKS.map(([what, body]) => framed(`chunks: ${what}`, 'RFC 9112 section 7.1', ['Transfer-Encoding: chunked'], body)),
  framed(
    'chunks that are good',
    'RFC 9112 section 7.1',
    ['Transfer-Encoding: chunked'],
    `${chunk(BODY.slice(0, 30))}${chunk(BODY.slice(30))}0\r\n\r\n`,
    SERVED,
  ),
  framed(
    'chunks of one byte each',
    'RFC 9112 section 7.1',
    ['Transfer-Encoding: chunked'],
    `${Array.from(BODY, chunk).join('')}0\r\n\r\n`,
    SERVED,
  ),
  framed(
    'trailers do not become headers',
    'RFC 9110 section 6.5.1',
    ['Transfer-Encoding: chunked'],
    `${chunk(BODY)}0\r\nMcp-Method: tools/call\r\nMCP-Protocol-Version: x\r\n\r\n`,
    SERVED,
  ),
  framed('an endless chunk extension', 'RFC 9112 section 7.1.1', ['Transfer-Encoding: chunked'], `5;${'x'.repeat(30_000)}`, {
    outcome: 'refused',
    status: [400, 413],
  }),
  ...LINES.map(([what, line]) =>
    bytes(
      `a request line that is ${what}`,
      'RFC 9112 section 3',
      [`${line}\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`, END],
      { outcome: 'refused', status: [400, 404, 405, 415, 505] },
      'http',
    ),
  ),
  ...PATHS.map(path =>
    bytes(
      `the path ${path.slice(0, 40)}`,
      'S-HTTP-35',
      [`POST ${path} HTTP/1.1\r\n${BASE.join('\r\n')}\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`],
      { outcome: 'refused', status: 404 },
    ),
  ),
  bytes(
    'a token in the query is no token',
    'S-AUTH-12',
    [`POST /mcp?access_token=token-of-alice HTTP/1.1\r\n${BASE.join('\r\n')}\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`],
    { outcome: 'refused', status: 401 },
    'guarded',
  ),
  bytes('a head of 64 KiB', 'row 4', [head(`X-Long: ${'x'.repeat(65_536)}`)], HEAD_TOO_LARGE),
  bytes('a head of 5,000 headers', 'row 4', [head(...Array.from({ length: 5000 }, (_, index) => `X-${index}: y`))], HEAD_TOO_LARGE),
  bytes('a head that never ends', 'row 4', [head().slice(0, -2), `X-Long: ${'x'.repeat(1_000_000)}`], HEAD_TOO_LARGE),
  bytes('an URL of 64 KiB', 'row 4', [`GET /${'x'.repeat(65_536)} HTTP/1.1\r\nHost: localhost\r\n\r\n`], HEAD_TOO_LARGE),
  bytes('Expect: something else', 'RFC 9110 section 10.1.1', [withLength('Expect: evil'), BODY], { outcome: 'refused', status: 417 }),
  bytes(
    'Expect: 100-continue is met with it',
    'RFC 9110 section 10.1.1',
    [withLength('Expect: 100-continue'), { until: /100 Continue/ }, BODY],
    SERVED,
  ),
  bytes('an upgrade to what is not here', 'RFC 9110 section 7.8', [`${withLength('Connection: Upgrade', 'Upgrade: h2c')}${BODY}`], {
    outcome: 'answered',
    status: 200,
  }),
  bytes('CONNECT', 'RFC 9110 section 9.3.6', ['CONNECT evil.example:80 HTTP/1.1\r\nHost: evil.example\r\n\r\n'], CLOSED),
  bytes('HEAD has no body', 'S-HTTP-35', ['HEAD /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', { until: /\r\n\r\n/ }], {
    outcome: 'refused',
    status: 405,
  }),
  bytes('two good requests in one go', 'RFC 9112 section 9.3.2', [`${withLength()}${BODY}${withLength()}${BODY}`], {
    ...SERVED,
    answers: 2,
  }),
  bytes('a good one and garbage behind it', 'RFC 9112 section 9.3.2', [`${withLength()}${BODY}\u0000\u0001garbage\r\n\r\n`], {
    outcome: 'refused',
    status: [200, 400],
  }),
  {
    kind: 'bytes',
    name: '100 in one go, all bad',
    rule: 'RFC 9112 section 9.3.2',
    door: 'http',
    pieces: [`${head('Content-Length: 1')}x`.repeat(100)],
    expect: { outcome: 'refused', status: 400, code: -32700, answers: 100 },
    size: 40_000,
  },
  bytes(
    'a chunk of 16 EiB that is announced',
    'S-HTTP-16',
    [head('Transfer-Encoding: chunked'), 'ffffffffffffff\r\n', ...Array.from({ length: 24 }, () => 'x'.repeat(100_000))],
    { outcome: 'refused', status: [400, 413] },
  ),
  bytes('a body over the limit, sent on regardless', 'S-HTTP-16', [head('Content-Length: 3000000'), 'x'.repeat(3_000_000)], TOO_LARGE),
  bytes(
    'a body over the limit that waits for leave',
    'S-HTTP-16, RFC 9110 section 10.1.1',
    [head('Content-Length: 3000000', 'Expect: 100-continue')],
    TOO_LARGE,
  ),

  bytes('a body that never comes', 'row 4, T26', [withLength()], LATE, 'hasty', 6000),
  bytes('a body that stops in the middle', 'row 4, T26', [withLength(), BODY.slice(0, 10)], LATE, 'hasty', 6000),
  bytes(
    'a body that comes byte by byte',
    'row 4, T26',
    [withLength(), ...Array.from(BODY.slice(0, 30)).flatMap((each): Piece[] => [each, { wait: 100 }])],
    LATE,
    'hasty',
    8000,
  ),
  bytes('chunks that never end', 'row 4, T26', [head('Transfer-Encoding: chunked'), chunk(BODY.slice(0, 10))], LATE, 'hasty', 6000),
  bytes(
    'chunks that come byte by byte',
    'row 4, T26',
    [head('Transfer-Encoding: chunked'), ...Array.from(BODY.slice(0, 30)).flatMap((each): Piece[] => [chunk(each), { wait: 100 }])],
    LATE,
    'hasty',
    8000,
  ),
  bytes(
    'a head that never ends, slowly',
    'row 4, T26',
    [head().slice(0, 30), ...Array.from({ length: 30 }, (_, index): Piece[] => [`X-${index}: y\r\n`, { wait: 100 }]).flat()],
    LATE,
    'hasty',
    8000,
  ),
  bytes('a head that stops', 'row 4, T26', [head().slice(0, 30)], LATE, 'hasty', 8000),
  bytes('a connection that says nothing', 'row 4, T26', [], LATE, 'hasty', 12_000),
  bytes(
    'a keep-alive that is never used',
    'row 4, T26',
    [`${withLength()}${BODY}`, { until: /"result"/ }, { wait: 2500 }],
    SERVED,
    'hasty',
    8000,
  ),
  bytes('the client says goodbye in the middle of the head', 'RFC 9112 section 8', [head().slice(0, 30), END], {
    outcome: 'refused',
    status: 400,
  }),
  bytes('the client says goodbye in the middle of the body', 'RFC 9112 section 8', [withLength(), BODY.slice(0, 10), END], {
    outcome: 'refused',
    status: 400,
  }),
  bytes(
    'the client resets in the middle of the head',
    'plain sense: whoever leaves is not answered',
    [head().slice(0, 30), { wait: 5 }, RESET],
    CLOSED,
  ),
  bytes(
    'the client resets in the middle of the body',
    'plain sense: whoever leaves is not answered',
    [withLength(), BODY.slice(0, 10), { wait: 5 }, RESET],
    CLOSED,
  ),
  bytes(
    'the client resets right behind its request',
    'plain sense: whoever leaves is not answered',
    [`${withLength()}${BODY}`, RESET],
    CLOSED,
  ),
  bytes('a reader that stops', 'T26, S-HTTP-32, row 18', [flooded, DEAF, { wait: 2500 }, RESET], CLOSED, 'hasty'),
  bytes('a reader that stops where there is more room', 'S-HTTP-32, row 18', [flooded, DEAF, { wait: 500 }, RESET], CLOSED),
  bytes(
    'a reader that stops and asks on',
    'S-HTTP-32, row 18',
    [flooded, DEAF, ...Array.from({ length: 50 }, () => `${withLength()}${BODY}`), { wait: 500 }, RESET],
    CLOSED,
  ),
  ...[1, 7, 100, 400].map(size =>
    bytes(
      `a good request in pieces of ${size}`,
      'plain sense: where TCP cuts is nobody’s concern',
      pieces(`${withLength()}${BODY}`, size),
      SERVED,
    ),
  ),
]

function pieces(text: string, size: number): readonly Piece[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size)).flatMap(
    (each): Piece[] => (size < 7 ? [each] : [each, { wait: 1 }]),
  )
}
