/** The claim by which a request says that it is stateless, and what is wrong with it. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { claimsEnvelope, Fault, isInfo, META, readEnvelope, type Envelope, type JsonObject } from '../src/index.ts'

const test = suite('envelope')

const good = { [META.version]: '2026-07-28', [META.capabilities]: {} }
const withMeta = (meta: object) => ({ name: 'x', _meta: meta })

test('each of the four keys alone is a claim', () => {
  for (const key of [META.version, META.capabilities, META.clientInfo, META.logLevel]) {
    for (const value of [null, '', {}]) assert.ok(claimsEnvelope(withMeta({ [key]: value })), key)
  }
})

test('S-META-12, T9: other keys are none, nor are these in another case', () => {
  const others = [
    'progressToken',
    'traceparent',
    'com.example/protocolVersion',
    META.serverInfo,
    META.subscription,
    META.version.toUpperCase(),
    'io.modelcontextprotocol/ProtocolVersion',
    'protocolVersion',
    '__proto__',
    'constructor',
  ]
  for (const key of others) assert.not(claimsEnvelope(JSON.parse(`{"_meta":{${JSON.stringify(key)}:"2026-07-28"}}`) as JsonObject), key)
})

test('T8: what hides behind a prototype key claims nothing', () => {
  const claim = JSON.stringify(good)
  for (const text of [`{"_meta":{"__proto__":${claim}}}`, `{"__proto__":{"_meta":${claim}}}`, `{"constructor":{"_meta":${claim}}}`]) {
    assert.not(claimsEnvelope(JSON.parse(text) as JsonObject), text)
  }
})

test('params without an object in _meta make no claim', () => {
  for (const params of [undefined, {}, ...[null, 'x', 1, [], [good]].map(meta => ({ _meta: meta }))]) assert.not(claimsEnvelope(params))
  assert.not(claimsEnvelope(withMeta({})))
})

test('version and capabilities are enough (S-META-04), and all four are read', () => {
  assert.equal(readEnvelope(withMeta(good)), { version: '2026-07-28', capabilities: {}, info: undefined, logLevel: undefined })
  const info = { name: 'app', version: '1', title: 'App', vendor: true }
  const all = { ...good, [META.clientInfo]: info, [META.logLevel]: 'warning', progressToken: 1, 'com.example/x': [] }
  const capabilities = { sampling: {}, experimental: { x: {} }, unheardOf: 7 }
  assert.equal(readEnvelope(withMeta({ ...all, [META.capabilities]: capabilities })), {
    version: '2026-07-28',
    capabilities,
    info,
    logLevel: 'warning',
  })
})

test('any version that is a text is read: whether it is spoken is decided later', () => {
  for (const version of ['', '2099-01-01', '2024-11-05', 'x']) {
    assert.is((readEnvelope(withMeta({ ...good, [META.version]: version })) as Envelope).version, version)
  }
})

/** What is wrong, and the keys that the refusal names. */
const WRONG: readonly (readonly [what: string, params: object | undefined, keys: readonly string[]])[] = [
  ['no params', undefined, [META.version, META.capabilities]],
  ['no _meta', {}, [META.version, META.capabilities]],
  ...[null, 'x', 1, true, [], [good]].map(
    meta => [`_meta is ${JSON.stringify(meta)}`, { _meta: meta }, [META.version, META.capabilities]] as const,
  ),
  ['an empty _meta', withMeta({}), [META.version, META.capabilities]],
  ['only foreign keys', withMeta({ progressToken: 1 }), [META.version, META.capabilities]],
  ['no version', withMeta({ [META.capabilities]: {} }), [META.version]],
  ['no capabilities', withMeta({ [META.version]: '2026-07-28' }), [META.capabilities]],
  ...[null, 1, 20260728, true, {}, ['2026-07-28']].map(
    version => [`version is ${JSON.stringify(version)}`, withMeta({ ...good, [META.version]: version }), [META.version]] as const,
  ),
  ...[null, 1, 'x', true, [], ['sampling']].map(
    value => [`capabilities are ${JSON.stringify(value)}`, withMeta({ ...good, [META.capabilities]: value }), [META.capabilities]] as const,
  ),
  ...[null, 'x', [], {}, { name: 'a' }, { version: '1' }, { name: 1, version: '1' }, { name: 'a', version: 1 }].map(
    value => [`clientInfo is ${JSON.stringify(value)}`, withMeta({ ...good, [META.clientInfo]: value }), [META.clientInfo]] as const,
  ),
  ...[null, '', 'verbose', 'Info', 3, {}, 'toString'].map(
    value => [`logLevel is ${JSON.stringify(value)}`, withMeta({ ...good, [META.logLevel]: value }), [META.logLevel]] as const,
  ),
  [
    'everything at once',
    withMeta({ [META.version]: 1, [META.clientInfo]: 1, [META.logLevel]: 1 }),
    [META.version, META.capabilities, META.clientInfo, META.logLevel],
  ],
]

for (const [what, params, keys] of WRONG) {
  test(`S-META-01, S-META-03: ${what}: the refusal names every key`, () => {
    const fault = readEnvelope(params as never) as Fault
    assert.ok(Fault.is(fault))
    assert.is(fault.fault, 'INVALID_ENVELOPE')
    assert.equal(fault.data, { envelope: keys })
    for (const key of keys) assert.ok(fault.message.includes(key), fault.message)
  })
}

test('what is absent is called missing, what is there malformed', () => {
  const { message } = readEnvelope(withMeta({ [META.version]: 1 })) as Fault
  assert.match(message, /protocolVersion"\] is malformed: expected a string; .*clientCapabilities"\] is missing: expected an object/)
  assert.match((readEnvelope(undefined) as Fault).message, /^params\._meta is missing/)
  assert.match((readEnvelope({ _meta: null }) as Fault).message, /^params\._meta is malformed/)
})

test('T35: a refusal repeats no value', () => {
  const { message } = readEnvelope(withMeta({ ...good, [META.logLevel]: 'x'.repeat(1_000_000) })) as Fault
  assert.ok(message.length < 300)
  assert.not.match(message, /xx/)
})

test('an Implementation has a name and a version', () => {
  assert.ok(isInfo({ name: 'a', version: '1' }))
  for (const value of [undefined, null, [], 'a', { name: 'a' }, { version: '1' }, { name: 'a', version: null }]) assert.not(isInfo(value))
})

test.run()
