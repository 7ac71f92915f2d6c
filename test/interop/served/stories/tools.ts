/** Tools: lists, calls, values, failures. */
import * as assert from 'uvu/assert'
import { asking, failureOf, type Guest, type Loose, newKey, textOf } from '../guest.ts'
import { PAGE_SIZE } from '../server.ts'
import type { Story } from './story.ts'

/** Every tool, asked for page by page. */
async function allTools(guest: Guest): Promise<Loose[]> {
  const tools: Loose[] = []
  let cursor: string | undefined
  do {
    const page: Loose = await guest.client.listTools(cursor === undefined ? {} : { cursor })
    tools.push(...(page['tools'] as Loose[]))
    cursor = page['nextCursor']
  } while (cursor !== undefined)
  return tools
}

export const TOOL_STORIES: readonly Story[] = [
  {
    title: 'the server introduces itself',
    async tell({ client }, { revision }) {
      const [info, capabilities] = [client.getServerVersion(), client.getServerCapabilities()]
      assert.is(info?.['name'], 'oarlock-interop')
      assert.is(info?.['title'], revision >= '2025-06-18' ? 'Everything' : undefined)
      assert.is(client.getInstructions(), 'Ask me anything')
      assert.equal(capabilities?.['tools'], { listChanged: true })
      assert.equal(capabilities?.['resources'], { subscribe: true, listChanged: true })
      assert.equal(capabilities?.['prompts'], { listChanged: true })
      assert.equal(capabilities?.['logging'], {})
      assert.equal(capabilities?.['completions'], revision >= '2025-03-26' ? {} : undefined)
    },
  },
  {
    title: 'ping is answered',
    where: ({ revision }) => revision < '2026-07-28',
    async tell({ client }) {
      assert.equal(await client.ping(), {})
    },
  },
  {
    title: 'tools come in pages, each tool once, in the words of the revision',
    async tell(guest, { revision }) {
      const before = guest.tap.sent.length
      const tools = await allTools(guest)
      assert.is(new Set(tools.map(({ name }) => name as string)).size, tools.length)
      const pages = guest.tap.sent.slice(before).filter(({ method }) => method === 'tools/list')
      assert.is(pages.length, Math.ceil(tools.length / PAGE_SIZE))
      const named = (name: string): Loose => tools.find(tool => tool['name'] === name) ?? {}
      assert.equal(named('greet')['inputSchema'].required, ['name'])
      assert.equal(named('greet')['inputSchema'].properties, { name: { type: 'string' } })
      assert.is(named('greet')['title'], revision >= '2025-06-18' ? 'Greet' : undefined)
      assert.equal(named('greet')['annotations'], revision >= '2025-03-26' ? { readOnlyHint: true } : undefined)
      assert.is(named('add')['outputSchema']?.type, revision >= '2025-06-18' ? 'object' : undefined)
      assert.is(named('split')['outputSchema']?.type, revision >= '2026-07-28' ? 'array' : undefined)
      assert.is(named('ticket')['inputSchema'].type, 'object')
    },
  },
  {
    title: 'a cursor that the server never gave is refused',
    async tell({ client }) {
      const failed = await failureOf(client.listTools({ cursor: 'nonsense' }))
      assert.is(failed['code'], -32602)
    },
  },
  {
    title: 'a tool answers with text',
    async tell(guest) {
      const result = await guest.call('greet', { name: 'Ada' })
      assert.equal(result['content'], [{ type: 'text', text: 'Hello, Ada' }])
      assert.not(result['isError'])
    },
  },
  {
    title: 'long and strange text arrives as it left',
    async tell(guest) {
      const name = `${'Grüße 🌍 \u2028 "\\" \r\n\t\0'.repeat(20_000)}!`
      assert.ok(textOf(await guest.call('greet', { name })) === `Hello, ${name}`)
    },
  },
  {
    title: 'a number without an output schema is text',
    async tell(guest) {
      const result = await guest.call('length', { text: 'four' })
      assert.is(textOf(result), '4')
      assert.is(result['structuredContent'], undefined)
    },
  },
  {
    title: 'an object that the output schema describes is structured content, and text',
    async tell(guest, { revision }) {
      await guest.client.listTools()
      const result = await guest.call('add', { a: 2, b: 3 })
      assert.equal(result['structuredContent'], revision >= '2025-06-18' ? { sum: 5 } : undefined)
      assert.is(textOf(result), '{"sum":5}')
    },
  },
  {
    title: 'a list that the output schema describes is structured content where that may be a list, and text everywhere',
    async tell(guest, { revision }) {
      await guest.client.listTools()
      const result = await guest.call('split', { text: 'a b c' })
      assert.equal(result['structuredContent'], revision >= '2026-07-28' ? ['a', 'b', 'c'] : undefined)
      assert.is(textOf(result), '["a","b","c"]')
    },
  },
  {
    title: 'arguments that are mirrored in headers arrive, whatever their letters',
    async tell(guest) {
      await guest.client.listTools()
      assert.is(textOf(await guest.call('deploy', { region: 'köln', replicas: 3 })), 'deployed 3 to köln')
      assert.is(textOf(await guest.call('deploy', { region: ' eu ' })), 'deployed 1 to  eu ')
    },
  },
  {
    title: 'a tool that fails tells the model why',
    async tell(guest) {
      const result = await guest.call('fail')
      assert.is(result['isError'], true)
      assert.is(textOf(result), 'the disk is full')
    },
  },
  {
    title: 'T28: an error that nobody meant to tell stays inside',
    async tell(guest) {
      const result = await guest.call('crash')
      assert.is(result['isError'], true)
      assert.not.match(JSON.stringify(result), 'secret')
      assert.match(textOf(result), /[\w-]{8,}/)
    },
  },
  {
    title: 'a result that its output schema does not allow is never sent',
    async tell(guest) {
      const answer = await guest.call('lie').catch((cause: unknown) => cause as Loose)
      assert.ok(answer['isError'] === true || answer['code'] === -32603, JSON.stringify(answer))
      assert.not.match(JSON.stringify(answer), 'three')
    },
  },
  {
    title: 'wrong arguments are told to the model, by path',
    async tell(guest) {
      const result = await guest.call('add', { a: 1, b: 'two' })
      assert.is(result['isError'], true)
      assert.match(textOf(result), 'b')
      assert.match(textOf(result), 'number')
    },
  },
  {
    title: 'an unknown tool is invalid params, with a hint',
    async tell(guest) {
      const failed = await failureOf(guest.call('gret', {}))
      assert.is(failed['code'], -32602)
      assert.match(failed.message, 'greet')
    },
  },
  {
    title: 'fifty calls at once with the same arguments each get an answer of their own',
    async tell(guest) {
      const tickets = await Promise.all(Array.from({ length: 50 }, () => guest.call('ticket')))
      assert.is(new Set(tickets.map(textOf)).size, 50)
      const greetings = await Promise.all(Array.from({ length: 50 }, () => guest.call('greet', { name: 'Ada' })))
      assert.equal(new Set(greetings.map(textOf)), new Set(['Hello, Ada']))
    },
  },
  {
    title: 'a new tool is told of, listed and callable',
    where: ({ revision }) => revision < '2026-07-28',
    async tell(guest) {
      const name = `grown-${newKey()}`
      const told = guest.news.of('notifications/tools/list_changed').length
      await guest.call('grow', { name })
      await asking(() => guest.news.of('notifications/tools/list_changed').length > told, 'news of a new tool')
      assert.ok((await allTools(guest)).some(tool => tool['name'] === name))
      assert.is(textOf(await guest.call(name)), `I am ${name}`)
    },
  },
]
