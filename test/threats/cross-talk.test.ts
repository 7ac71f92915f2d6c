/** One server, many clients, the same ids: what belongs to one must never reach another. */
import { REVISIONS, type Revision } from '@oarlock/protocol'
import { connectorTo } from '@oarlock/testing'
import { connect, Server, Type, type Client } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeAll, serve } from './served.ts'

const test = suite('cross-talk')
test.after.each(closeAll)

const CLIENTS = 64
const CALLS = 32

/** Small waits of random length, the same in every run. */
function waits(seed: number): () => Promise<void> {
  let state = seed
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return new Promise(resolve => setTimeout(resolve, state % 7))
  }
}

function crowd(): Server {
  const server = new Server({ name: 'crowd', version: '1', log: false })
  const wait = waits(7)
  const question = { schema: Type.Object({ name: Type.String() }) }
  const input = Type.Object({ who: Type.String(), call: Type.Number() })
  server.tool('work', { input }, async ({ who, call }, ctx) => {
    const mark = `${who} ${call}`
    await wait()
    await ctx.progress(1, 3, mark)
    if (call % 4 === 1) {
      const { content } = await ctx.sample('s', { messages: [{ role: 'user', content: { type: 'text', text: mark } }], maxTokens: 9 })
      return `${mark} ${JSON.stringify(content)}`
    }
    if (call % 4 === 3 && ctx.can('elicit')) {
      const { content } = await ctx.elicit('e', { message: mark, ...question })
      return `${mark} ${content?.name}`
    }
    await wait()
    await ctx.progress(2, 3, mark)
    return mark
  })
  return server
}

/** A client that says who it is in every answer, and notes every word that was not meant for it. */
function guest(who: string, foreign: string[]) {
  const mine = (text: string) => {
    if (!text.startsWith(`${who} `)) foreign.push(`${who} was asked: ${text}`)
  }
  return {
    heal: false as const,
    answers: {
      sample: ({ messages }: { messages: readonly { content: unknown }[] }) => {
        const [{ content }] = messages as readonly [{ content: unknown }]
        const { text } = content as { text: string }
        mine(text)
        return { role: 'assistant' as const, content: { type: 'text' as const, text: `sampled by ${who} for ${text}` }, model: who }
      },
      elicit: ({ message }: { message: string }) => {
        mine(message)
        return { action: 'accept' as const, content: { name: `elicited from ${who} for ${message}` } }
      },
    },
  }
}

function expected(who: string, call: number, forms: boolean): string {
  const mark = `${who} ${call}`
  if (call % 4 === 1) return `${mark} ${JSON.stringify({ type: 'text', text: `sampled by ${who} for ${mark}` })}`
  return call % 4 === 3 && forms ? `${mark} elicited from ${who} for ${mark}` : mark
}

async function works(client: Client, who: string, revision: Revision, foreign: string[]): Promise<void> {
  const calls = Array.from({ length: CALLS }, async (_, call) => {
    const heard: (string | undefined)[] = []
    const answer = await client.call('work', { who, call }, { onProgress: ({ message }) => heard.push(message) })
    assert.is(answer, expected(who, call, revision >= '2025-06-18'))
    assert.ok(heard.length > 0, 'progress was heard')
    for (const message of heard) if (message !== undefined && message !== `${who} ${call}`) foreign.push(`${who} ${call} heard: ${message}`)
  })
  await Promise.all(calls)
}

test(`row 1, T7: ${CLIENTS} clients in five revisions over HTTP, each with the ids 1 to ${CALLS}, hear only what is theirs`, async () => {
  const foreign: string[] = []
  const { url, server } = await serve(crowd())
  const clients = await Promise.all(
    Array.from({ length: CLIENTS }, async (_, index) => {
      const who = `client-${index}`
      const revision = REVISIONS[index % REVISIONS.length] as Revision
      return { who, revision, client: await connect(url, { revision, ...guest(who, foreign) }) }
    }),
  )
  await Promise.all(clients.map(({ who, revision, client }) => works(client, who, revision, foreign)))
  assert.equal(foreign, [])
  assert.is(server.busy, 0)
  await Promise.all(clients.map(({ client }) => client.close()))
})

test('row 1, T7: clients over HTTP, streams and memory at once share a server and nothing else', async () => {
  const foreign: string[] = []
  const server = crowd()
  const { url } = await serve(server)
  const targets = [url, url, await connectorTo(server, 'stdio'), server, server]
  const clients = await Promise.all(
    targets.map(async (target, index) => {
      const who = `client-${index}`
      const revision = index % 2 === 0 ? '2026-07-28' : '2025-06-18'
      return { who, revision, client: await connect(target, { revision, ...guest(who, foreign) }) } as const
    }),
  )
  await Promise.all(clients.map(({ who, revision, client }) => works(client, who, revision, foreign)))
  assert.equal(foreign, [])
  await Promise.all(clients.map(({ client }) => client.close()))
})

test('T7: news of one client reach neither the other session nor the other stream', async () => {
  const server = new Server({ name: 'news', version: '1', log: false })
  server.resource('a', { uri: 'news://a' }, () => 'a')
  server.resource('b', { uri: 'news://b' }, () => 'b')
  const { url } = await serve(server)
  const heard: string[] = []
  const told = new Map<string, (() => void)[]>()
  const listen = async (who: string, uri: string, revision: Revision) => {
    const client = await connect(url, { revision, heal: false })
    const news = client.listen({ resources: [uri] })
    await news.ready
    void (async () => {
      for await (const event of news) {
        heard.push(`${who} ${JSON.stringify(event)}`)
        for (const wake of told.get(who) ?? []) wake()
      }
    })()
    return { client, news }
  }
  const next = (who: string) => new Promise<void>(resolve => told.set(who, [...(told.get(who) ?? []), resolve]))
  const clients = [
    await listen('a-session', 'news://a', '2025-11-25'),
    await listen('b-session', 'news://b', '2025-11-25'),
    await listen('a-stream', 'news://a', '2026-07-28'),
    await listen('b-stream', 'news://b', '2026-07-28'),
  ]
  const first = Promise.all([next('a-session'), next('a-stream')])
  server.resourceUpdated('news://a')
  await first
  const second = Promise.all([next('b-session'), next('b-stream')])
  server.resourceUpdated('news://b')
  await second
  assert.is(heard.length, 4)
  for (const line of heard) assert.match(line, new RegExp(`^${line[0]}-\\w+ .*news://${line[0]}"`))
  for (const { client, news } of clients) {
    news.close()
    await client.close()
  }
})

test.run()
