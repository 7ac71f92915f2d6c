/**
 * Classification. The input is headers, a blank line, and a body, as on HTTP. Whatever they are: `classify` never throws; it refuses with a
 * fault of the table whose answer is bounded; a message that is served as stateless is so without its headers too, in the same revision,
 * since the body decides; and headers that say anything else than the body never get it served.
 */
import * as assert from 'node:assert/strict'
import {
  checkParamHeaders,
  classify,
  classifyBatch,
  encodeFault,
  FAULTS,
  headerParams,
  META,
  parse,
  REVISIONS,
  STATELESS_REVISIONS,
  type HeaderView,
  type Message,
  type Verdict,
} from '@oarlock/protocol'

export const words = [
  'mcp-protocol-version: 2026-07-28\n',
  'mcp-method: tools/call\n',
  'mcp-name: ',
  'mcp-param-region: ',
  `"_meta":{"${META.version}":"2026-07-28","${META.capabilities}":{}}`,
  `"${META.version}":`,
  `"${META.capabilities}":`,
  `"${META.clientInfo}":`,
  `"${META.logLevel}":`,
  '=?base64?',
]

const { params } = headerParams({
  type: 'object',
  properties: {
    region: { type: 'string', 'x-mcp-header': 'Region' },
    zone: { type: 'object', properties: { id: { type: 'integer', 'x-mcp-header': 'Zone' } } },
  },
})

export function fuzz(input: Buffer): void {
  const [head = '', ...body] = input.toString('latin1').split('\n\n')
  const headers = headersOf(head)
  const incoming = parse(Buffer.from(body.join('\n\n'), 'latin1').toString('utf8'))
  if (incoming.kind === 'invalid') return
  if (incoming.kind === 'batch') {
    for (const view of [undefined, headers]) bounded(classifyBatch(incoming, REVISIONS, view))
    return
  }
  const bare = classify(incoming, REVISIONS)
  const full = classify(incoming, REVISIONS, headers)
  for (const verdict of [bare, full, classify(incoming, ['2025-06-18'], headers), classify(incoming, STATELESS_REVISIONS, headers)])
    bounded(verdict)
  if (full.kind === 'stateless') agrees(incoming, full.revision, bare, headers)
  const problem = checkParamHeaders(params, incoming.kind === 'request' ? incoming.params?.['arguments'] : undefined, headers.get)
  assert.ok(problem === undefined || problem.length < 512)
}

function agrees(message: Message, revision: string, bare: Verdict, headers: HeaderView): void {
  assert.ok(message.kind === 'request' && bare.kind === 'stateless')
  assert.equal(bare.revision, revision)
  assert.equal(headers.get('mcp-protocol-version')?.trim(), revision)
  assert.equal(headers.get('mcp-method')?.trim(), message.method)
  if (message.method === 'tools/call' && typeof message.params?.['name'] === 'string') assert.notEqual(headers.get('mcp-name'), undefined)
}

function bounded(verdict: Verdict): void {
  if (verdict.kind !== 'refuse') return
  assert.ok(verdict.fault.fault in FAULTS)
  const { requested = '' } = (verdict.fault.data ?? {}) as { requested?: string }
  assert.ok(encodeFault(undefined, verdict.fault).text.length < 2048 + 6 * requested.length)
}

function headersOf(text: string): HeaderView {
  const headers = new Map<string, string>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  return { get: name => headers.get(name) }
}
