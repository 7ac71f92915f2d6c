/** What our client does with a server written with FastMCP: what it does with every server, and what is peculiar here. */
import { RemoteFault, ToolFailed } from '@oarlock/client'
import type { JsonObject } from '@oarlock/protocol'
import * as assert from 'uvu/assert'
import { failureOf, STORIES, type Stories } from './client-sdk.ts'

/** The program, relative to the repository. */
export const SERVER = 'test/interop/fastmcp/server.mjs'

/** Those of every server; what is told otherwise of this one stands below under the same title. */
export const FASTMCP_STORIES: Stories = {
  ...STORIES,
  'the server introduces itself': async client => {
    const { info, instructions, capabilities } = await client.discover()
    assert.equal([info?.name, info?.version, instructions], ['fastmcp', '4.0.0', 'Ask me anything'])
    assert.equal(capabilities.prompts, { listChanged: true })
    await client.ping()
  },
  'resources and templates are listed and read': async client => {
    assert.equal(
      (await client.resources()).map(({ uri }) => uri),
      ['note://today', 'note://folder'],
    )
    assert.equal(
      (await client.templates()).map(({ uriTemplate }) => uriTemplate),
      ['note://day/{day}'],
    )
    const [day] = await client.read('note://day/monday')
    assert.is(day && 'text' in day && day.text, 'it is monday')
    const folder = await client.read('note://folder')
    assert.equal(
      folder.map(item => ('text' in item ? item.text : Buffer.from(item.blob, 'base64').toString())),
      ['one', 'two'],
    )
    const missing = await failureOf(client.read('note://nowhere'))
    assert.ok(RemoteFault.is(missing))
    assert.match(missing.message, 'Resource not found')
  },
  'log messages arrive': async client => {
    const logs: unknown[] = []
    client.on('log.received', event => void logs.push(event))
    await client.setLogLevel('info')
    await client.call('log')
    // It notes the level and does not keep to it: what is below arrives too.
    assert.equal(logs, [
      { level: 'debug', logger: undefined, data: { message: 'not this' } },
      { level: 'warning', logger: undefined, data: { message: 'low on disk', context: { left: 3 } } },
    ])
  },
  'roots are told': async client => {
    // Over Streamable HTTP it does not ask for them before they change.
    client.notifyRootsChanged()
    assert.is(await client.call('where'), 'file:///work')
  },
  'news of resources and tools arrives': async client => {
    await using news = client.listen({ resources: ['note://today'] })
    assert.equal((await news.ready).resources, ['note://today'])
    // It tells of tools as well, though it does not say that it will.
    const changed = new Promise<void>(resolve => void client.on('tools.changed', resolve))
    const before = (await client.tools()).length
    await client.call('touch')
    assert.equal((await news.next()).value, { kind: 'resource', uri: 'note://today' })
    await changed
    assert.is((await client.tools()).length, before + 1)
  },
  'wrong arguments and unknown tools are faults': async client => {
    const wrong = await failureOf(client.call('add', { a: 'two', b: 3 }))
    assert.ok(RemoteFault.is(wrong))
    assert.is(wrong.code, -32602)
    assert.match(wrong.message, /'add' parameter validation failed/)
    const unknown = await failureOf(client.call('ad'))
    assert.ok(RemoteFault.is(unknown))
    assert.match(unknown.message, 'Unknown tool: ad')
  },
  'a tool that takes too long is given up by its server': async client => {
    const late = await failureOf(client.call('slow'))
    assert.ok(ToolFailed.is(late))
    assert.match(late.message, 'timed out after 20ms')
  },
  'content of several kinds arrives as it was sent': async client => {
    const { content } = await client.callRaw('picture')
    assert.equal(content, [
      { type: 'text', text: 'a dot' },
      { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' },
    ])
  },
  'what it streams beside the protocol is heard in order, and disturbs nothing': async client => {
    const heard: (JsonObject | undefined)[] = []
    client.on('notice.received', ({ method, params }) => void (method === 'notifications/tool/streamContent' && heard.push(params)))
    assert.is(await client.call('tell', { words: ['row', 'your', 'boat'] }), 'row your boat')
    assert.equal(
      heard,
      ['row', 'your', 'boat'].map(text => ({ content: [{ type: 'text', text }], toolName: 'tell' })),
    )
  },
  'an argument with an enumeration completes itself': async client => {
    const { values } = await client.complete({ type: 'ref/prompt', name: 'review' }, { name: 'tone', value: 'k' })
    assert.equal(values.toSorted(), ['keen', 'kind'])
  },
  'news of resources and prompts that come arrive, and they are there': async client => {
    await using news = client.listen({ resourceList: true, prompts: true })
    await news.ready
    const name = `n${process.pid}x${performance.now()}`
    await client.call('publish', { name })
    const seen = [(await news.next()).value?.kind, (await news.next()).value?.kind]
    assert.equal(new Set(seen), new Set(['resourceList', 'prompts']))
    assert.ok((await client.resources()).some(({ uri }) => uri === `note://${name}`))
    assert.ok((await client.prompts()).some(prompt => prompt.name === name))
  },
}
