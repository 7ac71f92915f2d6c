/** What our client does with the tools of the official server-everything. */
import { type Client, RemoteFault, ToolFailed } from '@oarlock/client'
import { Cancelled, TimedOut } from '@oarlock/protocol'
import * as assert from 'uvu/assert'
import { failureOf, type Stories } from '../client-sdk.ts'

const LONG = 'trigger-long-running-operation'

/** Those that it always has, and those that it has for clients that can answer. */
const NAMES = [
  'echo',
  'get-annotated-message',
  'get-env',
  'get-resource-links',
  'get-resource-reference',
  'get-structured-content',
  'get-sum',
  'get-tiny-image',
  'gzip-file-as-resource',
  'toggle-simulated-logging',
  'toggle-subscriber-updates',
  LONG,
  'get-roots-list',
  'trigger-elicitation-request',
  'trigger-url-elicitation',
  'trigger-sampling-request',
  'simulate-research-query',
]

/** Text of a result. */
export async function said(client: Client, name: string, args: object = {}): Promise<string> {
  const { content } = await client.callRaw(name, args)
  return content.map(block => (block.type === 'text' ? block.text : `[${block.type}]`)).join('\n')
}

export const TOOLS: Stories = {
  'the server introduces itself': async client => {
    const { info, instructions, capabilities } = await client.discover()
    assert.equal([info?.name, info?.title], ['mcp-servers/everything', 'Everything Reference Server'])
    assert.match(instructions ?? '', 'Everything Server')
    assert.is(capabilities.resources?.subscribe, true)
    await client.ping()
  },
  'tools are listed, those for what the client can answer too': async client => {
    const tools = await client.tools()
    assert.equal(tools.map(({ name }) => name).toSorted(), NAMES.toSorted())
    const sum = tools.find(({ name }) => name === 'get-sum')
    assert.equal([sum?.title, sum?.annotations?.readOnlyHint, sum?.inputSchema.type], ['Get Sum Tool', true, 'object'])
  },
  'tools are called': async client => {
    assert.is(await client.call('echo', { message: 'grüß dich 🚣' }), 'Echo: grüß dich 🚣')
    assert.is(await client.call('get-sum', { a: 2, b: 3 }), 'The sum of 2 and 3 is 5.')
  },
  'structured content is the value of a call': async client => {
    const weather = await client.call('get-structured-content', { location: 'Chicago' })
    assert.equal(weather, { temperature: 36, conditions: 'Light rain / drizzle', humidity: 82 })
  },
  'images and annotations arrive as they were sent': async client => {
    const image = (await client.callRaw('get-tiny-image')).content[1]
    assert.ok(image?.type === 'image' && image.mimeType === 'image/png')
    assert.is(Buffer.from(image.data, 'base64').subarray(1, 4).toString(), 'PNG')
    const [error] = (await client.callRaw('get-annotated-message', { messageType: 'error' })).content
    assert.equal(error?.annotations, { priority: 1, audience: ['user', 'assistant'] })
  },
  'links to resources can be followed, and embedded ones read': async client => {
    const { content } = await client.callRaw('get-resource-links', { count: 4 })
    const links = content.filter(block => block.type === 'resource_link')
    assert.is(links.length, 4)
    for (const { uri } of links) assert.is((await client.read(uri))[0]?.uri, uri)
    const [, block] = (await client.callRaw('get-resource-reference', { resourceType: 'Blob', resourceId: 7 })).content
    assert.ok(block?.type === 'resource' && 'blob' in block.resource)
    assert.match(Buffer.from(block.resource.blob, 'base64').toString(), 'Resource 7')
  },
  'fifty calls at once each get their own answer': async client => {
    const words = Array.from({ length: 50 }, (_, i) => `word ${i}`)
    assert.equal(
      await Promise.all(words.map(message => client.call('echo', { message }))),
      words.map(word => `Echo: ${word}`),
    )
  },
  'a long operation tells its progress, which keeps it from timing out': async client => {
    const seen: unknown[] = []
    const options = { timeout: 700, onProgress: (progress: unknown) => void seen.push(progress) }
    assert.match(await client.call<string>(LONG, { duration: 1.2, steps: 4 }, options), 'completed')
    assert.equal(
      seen,
      [1, 2, 3, 4].map(progress => ({ progress, total: 4, message: undefined })),
    )
    assert.ok(TimedOut.is(await failureOf(client.call(LONG, { duration: 30, steps: 1 }, { timeout: 100 }))))
    assert.is(await client.call('echo', { message: 'again' }), 'Echo: again')
  },
  'a long operation is cancelled in the middle': async client => {
    const controller = new AbortController()
    const options = { signal: controller.signal, onProgress: () => controller.abort('enough') }
    assert.ok(Cancelled.is(await failureOf(client.call(LONG, { duration: 30, steps: 600 }, options))))
    assert.is(await client.call('echo', { message: 'after' }), 'Echo: after')
  },
  'wrong arguments and unknown tools are errors that say what is wrong': async client => {
    const wrong = await failureOf(client.call('get-sum', { a: 'two', b: 3 }))
    assert.ok(ToolFailed.is(wrong))
    assert.match(wrong.message, 'Input validation error')
    const unknown = await failureOf(client.call('get-some'))
    assert.ok(ToolFailed.is(unknown) || RemoteFault.is(unknown))
    assert.match(unknown.message, 'get-some')
  },
  'a tool that is only a task is refused to a client without tasks': async client => {
    const research = (await client.tools()).find(({ name }) => name === 'simulate-research-query')
    assert.is(research?.execution?.taskSupport, 'required')
    const refused = await failureOf(client.call('simulate-research-query', { topic: 'oars' }))
    assert.match(refused.message, /task/)
  },
}
