/** Results of tools against the schemas of their list. */
import { compileSchema, inspectSchema } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '../src/client.ts'
import type { Validate } from '../src/result-check.ts'
import { failureOf, stateless } from './scripted.ts'

const test = suite('result-check')

const validate: Validate = schema => {
  const errors = inspectSchema(schema, 'output').filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new TypeError(errors.map(({ message }) => message).join('; '))
  const { check } = compileSchema(schema, { side: 'output' })
  return async value => {
    const checked = await check(value)
    return checked.ok ? undefined : checked.issues.map(({ path, message }) => `${path} ${message}`)
  }
}

const SUM = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] }

async function calling(
  outputSchema: object | undefined,
  result: object,
  options = {},
): Promise<{ client: Client; peer: ReturnType<typeof stateless> }> {
  const peer = stateless(
    {
      'tools/list': () => ({ tools: [{ name: 'add', inputSchema: { type: 'object' }, outputSchema }], ttlMs: 0, cacheScope: 'public' }),
      'tools/call': () => ({ content: [], ...result }),
    },
    { lax: true },
  )
  return { client: await Client.open(peer.connector, { validate, ...options }), peer }
}

test('C-TOOL-02: a value that fits is given, one that does not is told with all that is wrong', async () => {
  const good = await calling(SUM, { structuredContent: { sum: 3 } })
  await good.client.tools()
  assert.equal(await good.client.call('add'), { sum: 3 })
  const bad = await calling(SUM, { structuredContent: { sum: '3' } })
  await bad.client.tools()
  for (const call of [bad.client.call('add'), bad.client.callRaw('add'), bad.client.raw.callTool({ name: 'add' })]) {
    const failed = await failureOf(call)
    assert.is(failed['code'], 'INVALID_RESULT')
    assert.match(failed.message, '/sum')
    assert.equal((failed['result'] as { structuredContent: unknown }).structuredContent, { sum: '3' })
  }
})

test('C-TOOL-02: a result without the structured value that was promised is an error, unless it is one already', async () => {
  const missing = await calling(SUM, {}, { validate: undefined })
  await missing.client.tools()
  assert.match((await failureOf(missing.client.call('add'))).message, 'no structured value')
  const failing = await calling(SUM, { isError: true })
  await failing.client.tools()
  assert.is((await failing.client.callRaw('add')).isError, true)
})

test('C-TOOL-02: a schema that is not known is fetched in strict mode, and then only once', async () => {
  const lenient = await calling(SUM, { structuredContent: { sum: '3' } })
  assert.equal(await lenient.client.call('add'), { sum: '3' })
  assert.is(lenient.peer.all('tools/list').length, 0)
  const strict = await calling(SUM, { structuredContent: { sum: '3' } }, { strict: true })
  await failureOf(strict.client.call('add'))
  await failureOf(strict.client.call('add'))
  assert.is(strict.peer.all('tools/list').length, 1)
})

test('C-TOOL-08, C-TOOL-12: a schema of an unknown dialect, or one that points into the network, is an error and never fetched', async () => {
  const { fetch } = globalThis
  let fetched = 0
  globalThis.fetch = () => (fetched++, Promise.reject(new Error('no')))
  try {
    for (const schema of [{ $schema: 'https://example.com/mine', type: 'object' }, { $ref: 'https://example.com/schema.json' }]) {
      const { client } = await calling(schema, { structuredContent: {} })
      await client.tools()
      assert.match((await failureOf(client.call('add'))).message, 'cannot be checked')
    }
  } finally {
    globalThis.fetch = fetch
  }
  assert.is(fetched, 0)
})

test('C-TOOL-12: 2020-12 is checked', async () => {
  const { client } = await calling(
    { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'array', prefixItems: [{ type: 'string' }], unevaluatedItems: false },
    { structuredContent: [1] },
  )
  await client.tools()
  assert.is((await failureOf(client.call('add')))['code'], 'INVALID_RESULT')
})

test('C-TOOL-09, C-TOOL-13: values of any type pass, and tools without a schema promise nothing', async () => {
  for (const structuredContent of [1, 'x', false, null, [1], { a: 1 }]) {
    const { client } = await calling({}, { structuredContent })
    await client.tools()
    assert.equal(await client.call('add'), structuredContent)
    const without = await calling(undefined, { content: [{ type: 'text', text: 'x' }] })
    await without.client.tools()
    assert.is(await without.client.call('add'), 'x')
  }
})

test.run()
