/** News of one client never reach another. That nothing else does either is tested in `test/isolation`, with 64 clients over every transport. */
import type { Revision } from '@oarlock/protocol'
import { connect, Server } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { closeAll, serve } from './served.ts'

const test = suite('cross-talk')
test.after.each(closeAll)

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
