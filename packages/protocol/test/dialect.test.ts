/** Results and params in the words of each revision: valid there, said once, and left alone where nothing differs. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { definitionValidator, frameValidator } from '../../../test/oracle/frame-validator.ts'
import { lower, lowerParams, raiseAnswer } from '../src/dialect.ts'
import { Fault } from '../src/fault.ts'
import { method, methodsOf, rowOf, type MethodName } from '../src/method.ts'
import { InputRequiredResult } from '../src/model/ask.ts'
import type { Form } from '../src/model/form.ts'
import { VOCABULARY } from '../src/vocabulary.ts'
import { atLeast, REVISIONS, type Revision } from '../src/revision.ts'
import { AnyValue, frozen } from './any-value.ts'

const dialect = suite('dialect')
const ROUNDS = 60

type Json = Record<string, unknown>
const NAMES = Object.keys(VOCABULARY) as MethodName[]

/** What 2025-06-18 cannot hold and no client that was asked in its words would answer. */
const answerable = (value: Json, revision: Revision): boolean =>
  atLeast(revision, '2025-11-25') || !Object.values((value['content'] as Json) ?? {}).some(Array.isArray)

for (const revision of REVISIONS) {
  const validate = frameValidator(revision)

  dialect(`any result, said in ${revision}, is valid there, and saying it again changes nothing`, () => {
    for (const name of NAMES) {
      const { result } = rowOf(name) ?? {}
      const known = method(name, revision)
      if (result === undefined || known === undefined) continue
      for (let seed = 0; seed < ROUNDS; seed++) {
        const value = frozen(new AnyValue(seed).of(result) as Json)
        if (name === 'elicitation/create' && !answerable(value, revision)) continue
        const said = lower(name, value, revision)
        assert.equal(validate({ jsonrpc: '2.0', id: 1, result: said }, { method: name }), [], `${name} ${JSON.stringify(said)}`)
        assert.is(lower(name, said, revision), said, `${name} is said twice alike`)
      }
    }
  })

  dialect(`any params, said in ${revision}, are valid there, and saying them again changes nothing`, () => {
    for (const { name, kind, params } of [...methodsOf(revision, 'client'), ...methodsOf(revision, 'server')]) {
      for (let seed = 0; seed < ROUNDS; seed++) {
        const value = frozen(new AnyValue(seed).of(params) as Json)
        if (value['mode'] === 'url' && !atLeast(revision, '2025-11-25')) continue
        const said = lowerParams(name, value, revision)
        const frame = { jsonrpc: '2.0', ...(kind === 'request' ? { id: 'a' } : {}), method: name, params: said }
        assert.equal(validate(frame), [], `${name} ${JSON.stringify(said)}`)
        assert.is(lowerParams(name, said, revision), said, `${name} is said twice alike`)
      }
    }
  })

  dialect(`foreign members of results and params pass in ${revision}`, () => {
    const result = { content: [], 'com.example/extra': 1, _meta: { 'com.example/key': [1] } }
    assert.equal(lower('tools/call', result, revision), result)
    const params = { name: 'x', arguments: { resultType: 'mine', icons: [] }, 'com.example/extra': { title: 1 } }
    assert.is(lowerParams('tools/call', params, revision), params)
  })

  dialect(`plain values are the same reference in ${revision}`, () => {
    const results: readonly (readonly [MethodName, object])[] = [
      ['tools/call', { content: [{ type: 'text', text: 'hi' }], isError: true }],
      ['tools/list', { tools: [{ name: 'a', description: 'b', inputSchema: { type: 'object', properties: { c: { type: 'string' } } } }] }],
      ['resources/read', { contents: [{ uri: 'a:b', text: 'c' }] }],
      ['prompts/get', { messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }] }],
      ['completion/complete', { completion: { values: ['a'] } }],
    ]
    for (const [name, result] of results) assert.is(lower(name, result, revision), result, name)
  })
}

dialect('what is asked inside a result is valid in 2026-07-28, without the words of older requests', () => {
  const violations = definitionValidator('2026-07-28')
  for (let seed = 0; seed < ROUNDS; seed++) {
    const value = frozen({ ...(new AnyValue(seed).of(InputRequiredResult) as Json), resultType: 'input_required' })
    for (const name of ['tools/call', 'prompts/get', 'resources/read']) {
      const said = lower(name, value, '2026-07-28')
      assert.equal(violations('InputRequiredResult', said), [], JSON.stringify(said))
      assert.not.match(JSON.stringify(said), 'elicitationId')
      assert.is(lower(name, said, '2026-07-28'), said)
    }
  }
})

dialect('S-MSG-20: the words that 2026-07-28 stamps on results never reach an older revision', () => {
  const stamped = frozen({
    tools: [],
    resultType: 'complete',
    ttlMs: 5,
    cacheScope: 'public',
    _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'a', version: '1' }, 'com.example/mine': 1 },
  })
  for (const revision of REVISIONS.slice(0, -1))
    assert.equal(lower('tools/list', stamped, revision), { tools: [], _meta: { 'com.example/mine': 1 } })
  assert.is(lower('tools/list', stamped, '2026-07-28'), stamped)
})

dialect('S-TOOL-20: audio becomes an embedded resource with the same bytes where only that is known', () => {
  const audio = { type: 'audio', data: 'aGk=', mimeType: 'audio/wav', annotations: { audience: ['user'], lastModified: '2025-01-01' } }
  const said = lower('tools/call', frozen({ content: [audio] }), '2024-11-05')
  assert.equal(said.content, [
    { type: 'resource', resource: { uri: 'embedded:audio', mimeType: 'audio/wav', blob: 'aGk=' }, annotations: { audience: ['user'] } },
  ])
})

dialect('S-TOOL-18: a resource link becomes a text that names the resource where links are unknown', () => {
  const link = {
    type: 'resource_link',
    uri: 'file:///a.md',
    name: 'a.md',
    title: 'Notes',
    mimeType: 'text/markdown',
    description: 'what was said',
  }
  for (const revision of ['2024-11-05', '2025-03-26'] as const) {
    const said = lower('prompts/get', frozen({ messages: [{ role: 'user', content: link }] }), revision)
    assert.equal(said.messages[0]?.content, { type: 'text', text: 'Notes <file:///a.md> (text/markdown): what was said' })
  }
})

dialect('S-TOOL-15: structured content that is no object, and a schema for it, are left out before 2026-07-28', () => {
  for (const value of [[1], 'text', 7, null, true]) {
    const result = frozen({ content: [], structuredContent: value })
    assert.equal(lower('tools/call', result, '2025-11-25'), { content: [] })
    assert.is(lower('tools/call', result, '2026-07-28'), result)
  }
  const tool = { name: 'a', inputSchema: { type: 'object' }, outputSchema: { type: 'array' } }
  assert.equal(lower('tools/list', frozen({ tools: [tool] }), '2025-06-18'), {
    tools: [{ name: 'a', inputSchema: { type: 'object' } }],
  })
})

dialect('S-TOOL-16: structured content may be null in 2026-07-28', () => {
  const result = { content: [], structuredContent: null }
  assert.equal(lower('tools/call', result, '2026-07-28'), { content: [], structuredContent: null })
})

dialect('S-TOOL-27: a schema keeps every keyword in every revision; boolean properties become objects that mean the same', () => {
  const inputSchema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    $defs: { a: true },
    allOf: [],
    'x-mine': 1,
  }
  for (const revision of REVISIONS) {
    const list = { tools: [{ name: 'a', inputSchema }] }
    assert.is(lower('tools/list', list, revision), list)
  }
  const list = frozen({
    tools: [{ name: 'a', inputSchema: { type: 'object', properties: { yes: true, no: false, text: { type: 'string' } } } }],
  })
  const said = lower('tools/list', list, '2025-11-25')
  assert.equal(said.tools[0]?.inputSchema.properties, { yes: {}, no: { not: {} }, text: { type: 'string' } })
})

dialect('S-TOOL-26: only 2025-11-25 hears of a tool as a task', () => {
  const list = { tools: [{ name: 'a', inputSchema: { type: 'object' }, execution: { taskSupport: 'optional' } }] }
  assert.is(lower('tools/list', list, '2025-11-25'), list)
  for (const revision of ['2025-06-18', '2026-07-28'] as const)
    assert.not(JSON.stringify(lower('tools/list', list, revision)).includes('execution'))
})

dialect('sampled messages of several blocks become several messages of one, and tool calls become text, before 2025-11-25', () => {
  const params = frozen({
    maxTokens: 1,
    tools: [{ name: 'add', inputSchema: { type: 'object' } }],
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image', data: 'aGk=', mimeType: 'image/png' },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_use', id: '1', name: 'add', input: { a: 1 } }] },
      { role: 'user', content: { type: 'tool_result', toolUseId: '1', content: [{ type: 'text', text: '3' }] } },
    ],
  })
  assert.equal(lowerParams('sampling/createMessage', params, '2025-06-18'), {
    maxTokens: 1,
    messages: [
      { role: 'user', content: { type: 'text', text: 'a' } },
      { role: 'user', content: { type: 'image', data: 'aGk=', mimeType: 'image/png' } },
      { role: 'assistant', content: { type: 'text', text: '[tool call 1: add {"a":1}]' } },
      { role: 'user', content: { type: 'text', text: '[tool result 1]\n3' } },
    ],
  })
})

dialect('a sampled answer of several blocks becomes one text before 2025-11-25; one block stays what it is', () => {
  const answer = {
    role: 'assistant',
    model: 'm',
    content: [
      { type: 'text', text: 'a' },
      { type: 'audio', data: 'aGk=', mimeType: 'audio/wav' },
    ],
  }
  assert.equal(lower('sampling/createMessage', frozen(answer), '2025-03-26').content, {
    type: 'text',
    text: 'a\n[audio: audio/wav]',
  })
  const single = { ...answer, content: [{ type: 'image', data: 'aGk=', mimeType: 'image/png' }] }
  assert.equal(lower('sampling/createMessage', single, '2025-03-26').content, single.content[0])
})

const initialize = (capabilities: object) =>
  frozen({ protocolVersion: '2025-06-18', clientInfo: { name: 'a', version: '1' }, capabilities })

dialect('a client that shows pages only has no elicitation in 2025-06-18; one that shows forms does', () => {
  const capabilities = (declared: object) => lowerParams('initialize', initialize(declared), '2025-06-18').capabilities
  assert.equal(capabilities({ elicitation: { url: {} } }), {})
  assert.equal(capabilities({ elicitation: { url: {}, form: {} } }), { elicitation: {} })
  assert.equal(capabilities({ elicitation: {} }), { elicitation: {} })
  assert.equal(capabilities({ sampling: { tools: {} }, roots: { listChanged: true } }), { sampling: {}, roots: { listChanged: true } })
})

dialect('extensions are declared in the handshake of every revision', () => {
  const params = initialize({ extensions: { 'io.modelcontextprotocol/ui': {} } })
  for (const revision of REVISIONS.slice(0, -1)) assert.is(lowerParams('initialize', params, revision), params)
})

const form = {
  type: 'object',
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  properties: {
    name: { type: 'string', title: 'Name', minLength: 1, format: 'email', default: 'a@b.c' },
    age: { type: 'integer', minimum: 1, default: 2 },
    sure: { type: 'boolean', default: true },
    size: { type: 'string', enum: ['s', 'm'], default: 's' },
    colour: {
      type: 'string',
      oneOf: [
        { const: 'r', title: 'Red' },
        { const: 'g', title: 'Green' },
      ],
      default: 'r',
    },
    tags: {
      type: 'array',
      title: 'Tags',
      description: 'What it is about',
      items: {
        anyOf: [
          { const: 'a', title: 'Art' },
          { const: 'b', title: 'Beer' },
        ],
      },
    },
    days: { type: 'array', items: { type: 'string', enum: ['Mon, early', 'Tue'] }, minItems: 1 },
  },
  required: ['name'],
} satisfies Form

dialect('S-EL-05: a form for 2025-06-18 has no defaults but booleans, and titled choices in its own way', () => {
  const params = frozen({ mode: 'form', message: 'Please', requestedSchema: form })
  assert.equal(lowerParams('elicitation/create', params, '2025-06-18'), {
    message: 'Please',
    requestedSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', title: 'Name', minLength: 1, format: 'email' },
        age: { type: 'integer', minimum: 1 },
        sure: { type: 'boolean', default: true },
        size: { type: 'string', enum: ['s', 'm'] },
        colour: { type: 'string', enum: ['r', 'g'], enumNames: ['Red', 'Green'] },
        tags: { type: 'string', title: 'Tags', description: 'What it is about (any of: Art, Beer)' },
        days: { type: 'string', description: 'any of: Mon, early; Tue' },
      },
      required: ['name'],
    },
  })
  assert.is(lowerParams('elicitation/create', params, '2025-11-25'), params)
})

dialect('S-EL-05: what 2025-06-18 answers for a choice of several is read as the list it stands for', () => {
  const params = { message: 'Please', requestedSchema: form }
  const result = frozen({ action: 'accept' as const, content: { name: 'a', tags: ' Beer, a,other', days: 'Tue; Mon, early' } })
  assert.equal(raiseAnswer(params, result, '2025-06-18').content, { name: 'a', tags: ['b', 'a', 'other'], days: ['Tue', 'Mon, early'] })
  assert.is(raiseAnswer(params, result, '2025-11-25'), result)
  const declined = { action: 'decline' as const }
  assert.is(raiseAnswer(params, declined, '2025-06-18'), declined)
})

dialect('S-EL-03: asking a client of 2025-06-18 to visit a URL is refused by naming the capability', () => {
  const params = { mode: 'url', message: 'Go', url: 'https://example.com/', elicitationId: '1' }
  try {
    lowerParams('elicitation/create', params, '2025-06-18')
    assert.unreachable()
  } catch (error) {
    assert.ok(Fault.is(error))
    assert.equal([error.fault, error.data], ['MISSING_CAPABILITY', { requiredCapabilities: { elicitation: { url: {} } } }])
  }
  assert.is(lowerParams('elicitation/create', params, '2025-11-25'), params)
})

dialect('S-MSG-25: members named like the prototype are copied as members', () => {
  const result = JSON.parse('{"content":[],"resultType":"complete","__proto__":{"polluted":true}}') as object
  const said = lower('tools/call', result, '2025-11-25')
  assert.is(JSON.stringify(said), '{"content":[],"__proto__":{"polluted":true}}')
  assert.is((said as { polluted?: boolean }).polluted, undefined)
  const map = JSON.parse(
    '{"action":"accept","requestedSchema":{"type":"object","properties":{"__proto__":{"type":"string","default":"x"}}},"message":"m"}',
  ) as object
  assert.match(JSON.stringify(lowerParams('elicitation/create', map, '2025-06-18')), '"__proto__":{"type":"string"}')
})

dialect('methods and shapes that the vocabulary does not have pass as they are', () => {
  const result = { anything: [1], resultType: 'complete' }
  assert.is(lower('com.example/method', result, '2024-11-05'), result)
  assert.is(lowerParams('com.example/method', result, '2024-11-05'), result)
  const odd = { content: 'not a list', _meta: 7 }
  assert.is(lower('tools/call', odd, '2024-11-05'), odd)
})

dialect.run()
