/** Claims to be stateless that are malformed, and versions that are not spoken. */
import { META } from '@oarlock/protocol'
import { ENVELOPE, exchange, ID, M, type Case, type Outcome } from '../case.ts'

const MALFORMED: Outcome = { status: 400, code: -32602, official: [400, -32602] }
const both = [META.version, META.capabilities]

/** A request whose envelope has a change; `undefined` takes a key away. */
const changed = (name: string, key: string, value: unknown): Case =>
  exchange(name, 'tools/list', { _meta: { ...ENVELOPE, [key]: value } }, { ...MALFORMED, data: { envelope: [key] } })

/** Only the header makes these stateless; over a connection they are a session's, which serves them. */
const bare = (name: string, params: Record<string, unknown>): Case =>
  exchange(name, 'tools/list', params, { ...MALFORMED, data: { envelope: both }, link: 'served' })

const version = (requested: string, header = requested): Case =>
  exchange(
    `T37: version ${JSON.stringify(requested)}`,
    'tools/list',
    { _meta: { ...ENVELOPE, [META.version]: requested } },
    {
      status: 400,
      code: -32022,
      data: { supported: [M], requested },
      official: [400, -32022],
      headers: { 'mcp-protocol-version': header },
    },
  )

export const ENVELOPES: readonly Case[] = [
  bare('S-VER-13: the header and no _meta', { _meta: undefined }),
  bare('S-VER-13: the header and an empty _meta', { _meta: {} }),
  bare('S-VER-13: the header and only foreign keys in _meta', { _meta: { progressToken: 1 } }),
  bare('S-META-01: _meta is null', { _meta: null }),
  bare('S-META-01: _meta is a list', { _meta: [ENVELOPE] }),
  exchange('S-META-01: no params', 'tools/list', {}, { ...MALFORMED, data: { envelope: both }, link: 'served' }, { params: undefined }),
  bare('T9: the keys in another case', {
    _meta: { 'io.modelcontextprotocol/ProtocolVersion': M, 'IO.modelcontextprotocol/clientCapabilities': {} },
  }),

  changed('S-META-01: no version', META.version, undefined),
  changed('S-META-01: no capabilities', META.capabilities, undefined),
  ...[null, 20260728, {}, [M]].map(value => changed(`S-META-03: version is ${JSON.stringify(value)}`, META.version, value)),
  ...[null, true, 'sampling', ['sampling']].map(value =>
    changed(`S-META-03: capabilities are ${JSON.stringify(value)}`, META.capabilities, value),
  ),
  ...[null, 'app', { name: 'app' }].map(value => changed(`S-META-03: clientInfo is ${JSON.stringify(value)}`, META.clientInfo, value)),
  ...['verbose', 'INFO', 7, null].map(value => changed(`S-META-03: logLevel is ${JSON.stringify(value)}`, META.logLevel, value)),
  exchange(
    'S-VER-12: initialize with half a claim',
    'initialize',
    { protocolVersion: '2025-11-25', capabilities: {}, _meta: { [META.version]: M } },
    { ...MALFORMED, data: { envelope: [META.capabilities] } },
  ),
  exchange(
    'T8: the keys behind __proto__',
    'tools/list',
    { _meta: JSON.parse(`{"__proto__":${JSON.stringify(ENVELOPE)}}`) },
    {
      ...MALFORMED,
      link: 'served',
    },
  ),

  version('2099-01-01'),
  version('2025-11-25'),
  version('2024-11-05'),
  version('__proto__'),
  exchange(
    'S-VER-11: initialize with a claim of a version that is not spoken',
    'initialize',
    { _meta: { ...ENVELOPE, [META.version]: '2030-01-01' } },
    { status: 400, code: -32022, id: ID, headers: { 'mcp-protocol-version': '2030-01-01' } },
  ),
]
