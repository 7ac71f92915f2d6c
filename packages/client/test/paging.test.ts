/** Lists in pages. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '../src/client.ts'
import type { ClientOptions } from '../src/options.ts'
import { failureOf, type Peer, stateless } from './scripted.ts'

const test = suite('paging')

const tool = (name: string): object => ({ name, inputSchema: { type: 'object' } })

/** A server whose pages follow the cursors of this list; undefined ends it. */
async function paged(cursorAfter: (cursor: unknown) => unknown, options?: ClientOptions): Promise<{ client: Client; peer: Peer }> {
  const peer = stateless({
    'tools/list': ({ cursor }) => ({
      tools: [tool(`after ${String(cursor)}`)],
      nextCursor: cursorAfter(cursor),
      ttlMs: 0,
      cacheScope: 'public',
    }),
  })
  return { client: await Client.open(peer.connector, options), peer }
}

test('C-UTIL-07: cursors are handed back as they came, the empty one too; nothing or null ends the list', async () => {
  for (const end of [undefined, null]) {
    const cursors: Record<string, unknown> = { undefined: '', '': ' opaque=✓', ' opaque=✓': end }
    const { client, peer } = await paged(cursor => cursors[String(cursor)])
    assert.equal(
      (await client.tools()).map(({ name }) => name),
      ['after undefined', 'after ', 'after  opaque=✓'],
    )
    assert.equal(
      peer.all('tools/list').map(({ params }) => params['cursor']),
      [undefined, '', ' opaque=✓'],
    )
    assert.not.ok('cursor' in (peer.all('tools/list')[0]?.params ?? {}))
  }
})

test('C-UTIL-08: a cursor that comes twice is an error and no loop', async () => {
  const { client, peer } = await paged(cursor => (cursor === 'a' ? 'b' : 'a'))
  assert.is((await failureOf(client.tools()))['fault'], 'INVALID_CURSOR')
  assert.is(peer.all('tools/list').length, 3)
})

test('C-UTIL-08, C-TOOL-10: a list without end is cut off with an error', async () => {
  let page = 0
  const { client, peer } = await paged(() => String(page++), { maxPages: 20 })
  assert.match((await failureOf(client.tools())).message, 'more than 20 pages')
  assert.is(peer.all('tools/list').length, 20)
})

test('all four lists are followed', async () => {
  const page =
    (key: string, item: object) =>
    ({ cursor }: { readonly [key: string]: unknown }) => ({
      [key]: [item],
      ...(cursor === undefined && { nextCursor: '2' }),
      ttlMs: 0,
      cacheScope: 'public',
    })
  const peer = stateless({
    'resources/list': page('resources', { uri: 'a://b', name: 'a' }),
    'resources/templates/list': page('resourceTemplates', { uriTemplate: 'a://{b}', name: 'a' }),
    'prompts/list': page('prompts', { name: 'p' }),
  })
  const client = await Client.open(peer.connector)
  assert.equal(
    (await client.resources()).map(({ uri }) => uri),
    ['a://b', 'a://b'],
  )
  assert.equal(
    (await client.templates()).map(({ uriTemplate }) => uriTemplate),
    ['a://{b}', 'a://{b}'],
  )
  assert.equal(
    (await client.prompts()).map(({ name }) => name),
    ['p', 'p'],
  )
})

test('the pages of a list are one operation to its caller: a signal ends it between pages', async () => {
  const controller = new AbortController()
  const { client, peer } = await paged(() => {
    controller.abort()
    return 'more'
  })
  assert.is((await failureOf(client.tools({ signal: controller.signal })))['code'], 'CANCELLED')
  assert.is(peer.all('tools/list').length, 1)
})

test.run()
