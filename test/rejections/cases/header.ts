/** Headers that do not agree with the body. A connection has none, so there the same messages are served. */
import { META } from '@oarlock/protocol'
import { ENVELOPE, exchange, session, type Case } from '../case.ts'

type Headers = Readonly<Record<string, string | undefined>>

const b64 = (text: string) => `=?base64?${Buffer.from(text).toString('base64')}?=`

/** A good call of `echo` with other headers. */
const echo = (name: string, headers: Headers): Case =>
  exchange(
    name,
    'tools/call',
    { name: 'echo', arguments: { text: 'x' } },
    {
      status: 400,
      code: -32020,
      headers,
      link: 'served',
      official: [400, -32020],
    },
  )

const read = (name: string, headers: Headers): Case =>
  exchange(name, 'resources/read', { uri: 'page://one' }, { status: 400, code: -32020, headers, link: 'served', official: [400, -32020] })

const prompt = (name: string, headers: Headers): Case =>
  exchange(
    name,
    'prompts/get',
    { name: 'review', arguments: { code: 'x' } },
    {
      status: 400,
      code: -32020,
      headers,
      link: 'served',
      official: [400, -32020],
    },
  )

export const HEADERS: readonly Case[] = [
  echo('S-HDR-01: no version header', { 'mcp-protocol-version': undefined }),
  echo('S-HDR-02: the header of an older version', { 'mcp-protocol-version': '2025-11-25' }),
  echo('S-HDR-02: the header of an unknown version', { 'mcp-protocol-version': '2099-01-01' }),
  echo('S-HDR-04: no Mcp-Method', { 'mcp-method': undefined }),
  echo('S-HDR-04: an empty Mcp-Method', { 'mcp-method': '' }),
  echo('S-HDR-05: another Mcp-Method', { 'mcp-method': 'tools/list' }),
  echo('S-HDR-05, S-HDR-09: Mcp-Method in another case', { 'mcp-method': 'Tools/Call' }),
  echo('S-HDR-06: no Mcp-Name', { 'mcp-name': undefined }),
  echo('S-HDR-06: an empty Mcp-Name', { 'mcp-name': '' }),
  echo('row 19, T10: Mcp-Name of another tool', { 'mcp-name': 'form' }),
  echo('row 19, T10: another tool between markers', { 'mcp-name': b64('form') }),
  echo('S-HDR-09: Mcp-Name in another case', { 'mcp-name': 'ECHO' }),
  echo('S-HDR-11: base64 without padding', { 'mcp-name': '=?base64?ZWNobw?=' }),
  echo('S-HDR-11: base64 of another alphabet', { 'mcp-name': '=?base64?ZWNo_w==?=' }),
  echo('S-HDR-11: base64 of no text', { 'mcp-name': '=?base64?/w==?=' }),
  read('S-HDR-07: no Mcp-Name for a resource', { 'mcp-name': undefined }),
  read('S-HDR-07: Mcp-Name of another resource', { 'mcp-name': 'page://two' }),
  prompt('S-HDR-06: no Mcp-Name for a prompt', { 'mcp-name': undefined }),
  prompt('S-HDR-06: Mcp-Name of another prompt', { 'mcp-name': 'other' }),
  exchange(
    'S-HDR-02: the header is compared before the version is looked at',
    'tools/list',
    { _meta: { ...ENVELOPE, [META.version]: '2099-01-01' } },
    { status: 400, code: -32020, headers: { 'mcp-protocol-version': '2026-07-28' }, link: { code: -32022, id: 'the-id' } },
  ),
  session(
    'S-VER-10: initialize with the header of the stateless revision',
    'initialize',
    { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    {
      status: 400,
      code: -32020,
      headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-session-id': undefined },
      official: [400, -32020],
      // The connection is initialized already.
      link: { code: -32600, id: 'the-id' },
    },
  ),
]
