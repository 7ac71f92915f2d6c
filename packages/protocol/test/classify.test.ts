/** Which conversation a message belongs to, with and without headers, and the number and status of every refusal. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  classify,
  classifyBatch,
  encodeHeaderValue,
  META,
  NAME_PARAMS,
  numbersOf,
  parse,
  REVISIONS,
  SESSION_REVISIONS,
  unsupportedVersion,
  type BatchMessage,
  type HeaderView,
  type Message,
  type RefuseVerdict,
  type Revision,
  type Verdict,
} from '../src/index.ts'

const test = suite('classify')

const M = '2026-07-28'
const claim = { [META.version]: M, [META.capabilities]: {} }

type Params = Record<string, unknown>

const request = (method: string, params?: Params): Message => parse(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })) as Message
const modern = (method: string, params: Params = {}, meta: Params = claim): Message => request(method, { ...params, _meta: meta })
const notice = (method: string, params?: Params): Message => parse(JSON.stringify({ jsonrpc: '2.0', method, params })) as Message
const reply = parse('{"jsonrpc":"2.0","id":1,"result":{}}') as Message
const batch = (...messages: object[]): BatchMessage =>
  parse(JSON.stringify(messages.map(message => ({ jsonrpc: '2.0', ...message })))) as BatchMessage

const headers = (values: Record<string, string | undefined>): HeaderView => ({
  get: name => new Map(Object.entries(values)).get(name.toLowerCase()),
})
const full = (method: string, name?: string): Record<string, string | undefined> => ({
  'mcp-protocol-version': M,
  'mcp-method': method,
  'mcp-name': name,
})

const decide = (message: Message, view?: Record<string, string | undefined>, revisions: readonly Revision[] = REVISIONS): Verdict =>
  classify(message, revisions, view === undefined ? undefined : headers(view))

/** Kind, and for a refusal the number and status that the newest revision has for it. */
function told(verdict: Verdict): string {
  if (verdict.kind !== 'refuse') return verdict.kind === 'stateless' ? `stateless ${verdict.revision}` : verdict.kind
  const { code, status } = numbersOf(verdict.fault.fault)
  return `${status} ${code}`
}

test('S-VER-07: a claim makes a request stateless, its absence leaves it to the session', () => {
  assert.is(told(decide(modern('tools/list'))), `stateless ${M}`)
  assert.is(told(decide(request('tools/list'))), 'session')
  assert.is(told(decide(request('initialize', { protocolVersion: M }))), 'session')
  assert.is(told(decide(request('tools/list', { _meta: { progressToken: 1 } }))), 'session')
})

test('the verdict carries the envelope', () => {
  const verdict = decide(modern('tools/list', {}, { ...claim, [META.logLevel]: 'info' }))
  assert.is(verdict.kind === 'stateless' && verdict.envelope.logLevel, 'info')
})

test('S-VER-11: initialize with a claim is as stateless as anything else', () => {
  assert.is(told(decide(modern('initialize', { protocolVersion: '2025-11-25' }))), `stateless ${M}`)
})

test('S-VER-12: a claim that is malformed is an error, never a session', () => {
  for (const meta of [{ [META.version]: M }, { [META.capabilities]: {} }, { [META.clientInfo]: {} }, { [META.logLevel]: 'info' }]) {
    assert.is(told(decide(modern('tools/list', {}, meta))), '400 -32602')
    assert.is(told(decide(modern('initialize', {}, meta), full('initialize'))), '400 -32602', 'and that comes before the headers')
  }
})

test('T37, S-VER-02, S-VER-04: a version that is not spoken is refused by name, on every request, whatever it looks like', () => {
  for (const version of ['2099-01-01', '', '2026-07-28 ', '2026-07-29', '2025-11-25', '2024-11-05', '__proto__']) {
    const message = modern('tools/list', {}, { ...claim, [META.version]: version })
    const { fault } = decide(message) as RefuseVerdict
    assert.is(fault.fault, 'UNSUPPORTED_VERSION')
    assert.equal(fault.data, { supported: [M], requested: version })
    const overHttp = { ...full('tools/list'), 'mcp-protocol-version': version }
    assert.is(told(decide(message, overHttp)), '400 -32022', 'S-HDR-03: header and body agree')
  }
})

test('S-VER-02: a server without a stateless revision names those it has, so that clients know to shake hands', () => {
  const { fault } = decide(modern('server/discover'), undefined, ['2025-06-18', '2025-11-25']) as RefuseVerdict
  assert.equal(fault.data, { supported: ['2025-06-18', '2025-11-25'], requested: M })
  assert.match(unsupportedVersion('x', [M]).message, /this server speaks 2026-07-28$/)
})

test('T35: a long version is cut, in the text and beside it', () => {
  const { message, data } = unsupportedVersion('x'.repeat(1_000_000), REVISIONS)
  assert.ok(message.length < 250)
  assert.ok(JSON.stringify(data).length < 500)
})

/** Headers that disagree with a good tools/call of `echo`. All are 400 -32020. */
const DISAGREE: readonly (readonly [what: string, change: Record<string, string | undefined>])[] = [
  ['S-HDR-01: no version', { 'mcp-protocol-version': undefined }],
  ['S-HDR-01: an empty version', { 'mcp-protocol-version': '' }],
  ['S-HDR-02: an older version', { 'mcp-protocol-version': '2025-11-25' }],
  ['S-HDR-02: an unknown version', { 'mcp-protocol-version': '2099-01-01' }],
  ['S-HDR-14: two versions', { 'mcp-protocol-version': `${M}, ${M}` }],
  ['S-HDR-04: no method', { 'mcp-method': undefined }],
  ['S-HDR-04: an empty method', { 'mcp-method': '' }],
  ['S-HDR-05: another method', { 'mcp-method': 'tools/list' }],
  ['S-HDR-05: a method in another case', { 'mcp-method': 'Tools/Call' }],
  ['S-HDR-14: two methods', { 'mcp-method': 'tools/call, tools/call' }],
  ['S-HDR-11: a method between markers', { 'mcp-method': `=?base64?${btoa('tools/call')}?=` }],
  ['S-HDR-11: a method between spaces that are none to HTTP', { 'mcp-method': '\u00a0tools/call\u00a0' }],
  ['S-HDR-06: no name', { 'mcp-name': undefined }],
  ['S-HDR-06: an empty name', { 'mcp-name': '' }],
  ['row 19, T10: another name', { 'mcp-name': 'admin' }],
  ['S-HDR-09: a name in another case', { 'mcp-name': 'Echo' }],
  ['S-HDR-14: two names', { 'mcp-name': 'echo, echo' }],
  ['S-HDR-11: a name with a control character', { 'mcp-name': 'echo\u0000' }],
  ['S-HDR-11: base64 without padding', { 'mcp-name': '=?base64?ZWNobw?=' }],
  ['S-HDR-11: base64 with stray bits', { 'mcp-name': '=?base64?ZWNobx==?=' }],
  ['S-HDR-11: base64 with a foreign letter', { 'mcp-name': '=?base64?ZWN%bw==?=' }],
  ['S-HDR-11: base64 of bytes that are not UTF-8', { 'mcp-name': '=?base64?/w==?=' }],
  ['markers in another case', { 'mcp-name': `=?BASE64?${btoa('echo')}?=` }],
]

for (const [what, change] of DISAGREE) {
  test(`${what} disagrees with the body`, () => {
    const view = { ...full('tools/call', 'echo'), ...change }
    assert.is(told(decide(modern('tools/call', { name: 'echo' }), view)), '400 -32020')
  })
}

/** Headers that agree with a request, though not letter by letter, or that need not. */
const AGREE: readonly (readonly [what: string, method: string, params: Params, change: Record<string, string | undefined>])[] = [
  ['S-HDR-08: a name between markers', 'tools/call', { name: 'echo' }, { 'mcp-name': `=?base64?${btoa('echo')}?=` }],
  ['S-HDR-10: spaces and tabs around values', 'tools/call', { name: 'echo' }, { 'mcp-method': ' \ttools/call ', 'mcp-name': '\techo ' }],
  ['S-HDR-07: a URI beyond ASCII', 'resources/read', { uri: 'x://é' }, { 'mcp-name': encodeHeaderValue('x://é') }],
  ['a URI that looks encoded', 'resources/read', { uri: '=?base64?eA==?=' }, { 'mcp-name': encodeHeaderValue('=?base64?eA==?=') }],
  ['S-HDR-13: a name that nobody needs', 'tools/list', {}, { 'mcp-name': 'anything' }],
  ['S-HDR-15: an unknown method', 'no/such', { name: 'x' }, {}],
  ['a name that is no text, which the operation refuses', 'tools/call', { name: 7 }, { 'mcp-name': '7' }],
  ['a name that is not there, which the operation refuses', 'tools/call', {}, {}],
]

for (const [what, method, params, change] of AGREE) {
  test(`${what} is no contradiction`, () => {
    assert.is(told(decide(modern(method, params), { ...full(method), ...change })), `stateless ${M}`)
  })
}

test('S-HDR-06, S-HDR-07: each method that has a name must have it in its header', () => {
  for (const [method, param] of NAME_PARAMS) {
    const message = modern(method, { [param]: 'a' })
    assert.is(told(decide(message, full(method))), '400 -32020', method)
    assert.is(told(decide(message, full(method, 'b'))), '400 -32020', method)
    assert.is(told(decide(message, full(method, 'a'))), `stateless ${M}`, method)
  }
})

test('an extension may name another param', () => {
  const message = modern('tasks/get', { taskId: 't' })
  const names = new Map([...NAME_PARAMS, ['tasks/get', 'taskId']])
  assert.is(told(classify(message, REVISIONS, headers(full('tasks/get')))), `stateless ${M}`)
  assert.is(told(classify(message, REVISIONS, headers(full('tasks/get')), names)), '400 -32020')
  assert.is(told(classify(message, REVISIONS, headers(full('tasks/get', 't')), names)), `stateless ${M}`)
})

test('the order is claim, version header, version, other headers (DIGEST 3.7)', () => {
  const meta: Params = { [META.version]: '2099-01-01' }
  const view: Record<string, string | undefined> = {}
  const now = () => told(decide(modern('tools/call', { name: 'echo' }, meta), view))
  assert.is(now(), '400 -32602')
  meta[META.capabilities] = {}
  assert.is(now(), '400 -32020')
  view['mcp-protocol-version'] = '2099-01-01'
  assert.is(now(), '400 -32022')
  view['mcp-protocol-version'] = meta[META.version] = M
  assert.is(now(), '400 -32020')
  view['mcp-method'] = 'tools/call'
  assert.is(now(), '400 -32020')
  view['mcp-name'] = 'echo'
  assert.is(now(), `stateless ${M}`)
})

test('T10: what a refusal repeats of header and body is cut', () => {
  const uri = `x://${'u'.repeat(100_000)}`
  const { fault } = decide(modern('resources/read', { uri }), full('resources/read', 'h'.repeat(16_000))) as RefuseVerdict
  assert.ok(fault.message.length < 400)
  assert.ok(JSON.stringify(fault.data).length < 400)
})

test('S-VER-10, S-VER-13: the header of a stateless revision without a claim is a contradiction', () => {
  const view = full('tools/list')
  const { fault } = decide(request('tools/list'), view) as RefuseVerdict
  assert.is(fault.fault, 'INVALID_ENVELOPE')
  assert.equal(fault.data, { envelope: [META.version, META.capabilities] })
  assert.is(told(decide(request('initialize', { protocolVersion: '2025-11-25' }), full('initialize'))), '400 -32020')
})

test("S-VER-14: neither claim nor such a header is the session's, whatever its version", () => {
  for (const version of [undefined, ...SESSION_REVISIONS, '2099-01-01', '']) {
    assert.is(told(decide(request('tools/list'), { 'mcp-protocol-version': version })), 'session', String(version))
    assert.is(told(decide(request('initialize'), { 'mcp-protocol-version': version })), 'session', String(version))
  }
})

test('a server that does not speak the stateless revision reads nothing into its header', () => {
  for (const message of [request('tools/list'), request('initialize'), notice('notifications/initialized'), reply]) {
    assert.is(told(decide(message, full('x'), SESSION_REVISIONS)), 'session')
  }
  assert.is(classifyBatch(batch({ id: 1, method: 'm' }), SESSION_REVISIONS, headers(full('m'))).kind, 'session')
})

test("S-HTTP-08: a notice with the header or a claim goes nowhere over HTTP; without either it is the session's", () => {
  assert.is(told(decide(notice('notifications/cancelled'), full('notifications/cancelled'))), 'ignore')
  assert.is(told(decide(notice('no/such', { _meta: claim }), {})), 'ignore')
  assert.is(told(decide(notice('notifications/initialized'), {})), 'session')
  assert.is(told(decide(notice('notifications/cancelled', { _meta: claim }))), 'session', 'over a connection it may cancel')
})

test("S-HTTP-09: a reply is the session's, and illegal with the header", () => {
  assert.is(told(decide(reply)), 'session')
  assert.is(told(decide(reply, {})), 'session')
  assert.is(told(decide(reply, { 'mcp-protocol-version': '2025-06-18' })), 'session')
  assert.is(told(decide(reply, full('x'))), '400 -32600')
})

test("a batch is the session's, and illegal with a claim in it or the header", () => {
  const plain = { id: 1, method: 'tools/list' }
  const claims = { method: 'tools/list', params: { _meta: claim } }
  assert.is(told(classifyBatch(batch(plain, plain), REVISIONS)), 'session')
  assert.is(told(classifyBatch(batch(plain, {}, []), REVISIONS, headers({}))), 'session')
  for (const items of [
    [plain, { id: 2, ...claims }],
    [plain, claims],
    [{ id: 2, method: 'm', params: { _meta: { [META.version]: 7 } } }],
  ]) {
    assert.is(told(classifyBatch(batch(...items), REVISIONS)), '400 -32600')
  }
  assert.is(told(classifyBatch(batch(plain), REVISIONS, headers(full('tools/list')))), '400 -32600')
})

test('S-VER-17: the verdict depends on the message alone', () => {
  const message = modern('tools/list')
  assert.is(told(decide(request('initialize'))), 'session')
  assert.is(told(decide(message)), `stateless ${M}`)
  assert.is(told(decide(request('tools/list'))), 'session')
})

test.run()
