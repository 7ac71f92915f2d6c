/** Bytes on standard input that are no good lines, and ends of it in every place. */
import type { Case, Expected, Piece } from '../case.ts'
import { request } from '../message.ts'

const GOOD = JSON.stringify(request('exchange', 'tools/list'))
const lines = (name: string, rule: string, pieces: readonly Piece[], expect: Expected): Case => ({
  kind: 'lines',
  name,
  rule,
  pieces,
  expect,
  within: 20_000,
})

const SERVED: Expected = { outcome: 'served', id: 'the-id' }
const NOT_JSON: Expected = { outcome: 'refused', code: -32700 }
const NOTHING: Expected = { outcome: 'closed' }
/** Of what is not good some is answered by an error, and the good line all the same. */
const BESIDES: Expected = { outcome: 'answered', says: /"id":"the-id","result"/ }

/** What an end of the input does to a whole process. */
const processes = (name: string, rule: string, pieces: readonly Piece[], expect: Expected): Case => ({
  kind: 'lines',
  process: true,
  name: `a process of its own: ${name}`,
  rule,
  pieces,
  expect,
  within: 30_000,
})

export const LINE_CASES: readonly Case[] = [
  processes('no line end at the end', 'S-STD-04, S-STD-09', [GOOD], SERVED),
  processes(
    'a request that never ends, and the end',
    'S-STD-09',
    [`${JSON.stringify(request('exchange', 'tools/call', { name: 'wait' }))}\n`],
    NOTHING,
  ),
  processes('a line over the limit that never ends', 'S-STD-05, S-STD-09, T24', ['x'.repeat(5 * 2 ** 20)], { outcome: 'refused' }),

  lines('nothing at all', 'S-STD-09', [], NOTHING),
  lines('no line end at the end', 'S-STD-04', [GOOD], SERVED),
  lines('a byte order mark and no line end', 'S-STD-01', [`\ufeff${GOOD}`], SERVED),
  lines('line ends of Windows', 'S-STD-04', [`${GOOD}\r\n`], SERVED),
  lines('a carriage return alone is no line end', 'S-STD-01', [`${GOOD}\r${GOOD}\n`], NOT_JSON),
  lines('empty lines', 'S-STD-04', [`\n\n\r\n  \n\t\n${GOOD}\n\n\n`], SERVED),
  lines('100,000 empty lines', 'S-STD-04', ['\n'.repeat(100_000), `${GOOD}\n`], SERVED),
  lines('half a line and the end', 'S-STD-05', [GOOD.slice(0, 20)], NOT_JSON),
  lines('half a character and the end', 'S-STD-04', [Buffer.from(`${GOOD.slice(0, 20)}é`).subarray(0, 21)], NOT_JSON),
  lines(
    'a line byte by byte',
    'S-STD-04',
    Array.from(Buffer.from(`${GOOD}\n`)).flatMap((byte): Piece[] => [Buffer.from([byte]), { wait: 0 }]),
    SERVED,
  ),
  lines('a line over the limit, and a good one', 'S-STD-05, T24', ['x'.repeat(3 * 2 ** 20), `\n${GOOD}\n`], BESIDES),
  lines('a line over the limit that never ends', 'S-STD-05, T24', ['x'.repeat(5 * 2 ** 20)], { outcome: 'refused' }),
  lines(
    'a megabyte of bytes of every kind, and a good line',
    'S-STD-05',
    [
      Buffer.from(
        Array.from({ length: 2 ** 20 }, (_, index) => (index * 7919 + (index >> 8)) % 256).map(byte => (byte === 10 ? 11 : byte)),
      ),
      `\n${GOOD}\n`,
    ],
    BESIDES,
  ),
  lines('NULs, and a good line', 'S-STD-05', ['\0'.repeat(1000), `\n${GOOD}\n`], BESIDES),
  lines('a message over two lines', 'S-STD-01', [`${GOOD.slice(0, 30)}\n${GOOD.slice(30)}\n`], { ...NOT_JSON, answers: 2 }),
  lines('framing of the language server protocol', 'S-STD-01', [`Content-Length: ${GOOD.length}\r\n\r\n${GOOD}\n`], BESIDES),
  lines('an HTTP request on the input', 'S-STD-01', [`POST /mcp HTTP/1.1\r\nHost: localhost\r\n\r\n${GOOD}\n`], BESIDES),
  lines('UTF-16', 'S-STD-01', [Buffer.from(`${GOOD}\n`, 'utf16le')], { outcome: 'refused', code: -32700, answers: 2 }),
  lines('50 lines that are no message, and a good one', 'S-STD-05', [`${'x\n'.repeat(50)}${GOOD}\n`], { ...BESIDES, answers: 51 }),
  lines(
    'a request that never ends, and the end',
    'S-STD-09',
    [`${JSON.stringify(request('exchange', 'tools/call', { name: 'wait' }))}\n`],
    NOTHING,
  ),
  lines(
    'a listening, and the end',
    'S-STD-09, S-SUB-09',
    [`${JSON.stringify(request('exchange', 'subscriptions/listen', { notifications: { toolsListChanged: true } }))}\n`],
    { outcome: 'answered' },
  ),
]
