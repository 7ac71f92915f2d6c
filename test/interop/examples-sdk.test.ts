/** The official clients of both SDKs against our example servers, over stdio and HTTP, in both conversations. */
// time limit: 180 s
// not on Node 20: it starts the examples from their sources
import { type Test, suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EXAMPLES, type Offers, type Reached, suiteOn } from './examples.ts'
import { type Guest, textOf } from './served/guest.ts'
import { guestV1, httpV1, stdioV1 } from './served/guest-v1.ts'
import { guestV2, httpV2, stdioV2 } from './served/guest-v2.ts'
import type { Fetch } from './served/wire.ts'

const CLIENTS: Readonly<Record<string, (to: Reached) => Promise<Guest>>> = {
  'SDK v1': to => guestV1(to.command === undefined ? httpV1(to.url ?? '', withHeaders(to)) : stdioV1(to.command)),
  'SDK v2, with a session': to => guestV2(transportV2(to), '2025-11-25'),
  'SDK v2': to => guestV2(transportV2(to), '2026-07-28'),
  'SDK v2, finding out': to => guestV2(transportV2(to), 'auto'),
}

const transportV2 = (to: Reached) => (to.command === undefined ? httpV2(to.url ?? '', withHeaders(to)) : stdioV2(to.command))

const withHeaders =
  ({ headers }: Reached): Fetch =>
  (url, init = {}) =>
    fetch(url, { ...init, headers: [...new Headers(init.headers), ...Object.entries(headers ?? {})] as [string, string][] })

for (const example of EXAMPLES) {
  const { test, reached } = suiteOn(example, 'official clients')
  for (const [name, connect] of Object.entries(CLIENTS)) tell(test, name, () => connect(reached()), example.offers)
  test.run()
}

const shop = suite('official clients, client-app, asking')

shop('every client is asked before it buys, and what it answers decides', async () => {
  const reached = await EXAMPLES.find(({ title }) => title.startsWith('client-app'))?.reach()
  assert.ok(reached)
  for (const [name, connect] of Object.entries(CLIENTS).slice(0, 3)) {
    const guest = await connect(reached)
    guest.answers.elicit = ({ message }) => ({ action: 'accept', content: { gift: message === 'Buy tea?' } })
    assert.is(textOf(await guest.call('buy', { item: 'tea' })), 'tea, wrapped', name)
    guest.answers.elicit = () => ({ action: 'decline' })
    assert.is(textOf(await guest.call('buy', { item: 'tea' })), 'nothing bought', name)
    await guest.client.close()
  }
  await reached.close()
})

shop.run()

function tell(test: Test, name: string, connect: () => Promise<Guest>, { server, tools, call, resource, prompt }: Offers): void {
  test(`${name}: what it offers is listed, and answers`, async () => {
    const guest = await connect()
    const { client } = guest
    assert.is(guest.revision, name === 'SDK v2' || name === 'SDK v2, finding out' ? '2026-07-28' : '2025-11-25')
    assert.is(client.getServerVersion()?.['name'], server)
    assert.equal((await client.listTools())['tools'].map((tool: { name: string }) => tool.name).toSorted(), tools)
    assert.is(textOf(await guest.call(call.name, call.args)), call.text)
    if (resource !== undefined) {
      const { resources } = await client.listResources()
      const { resourceTemplates } = await client.listResourceTemplates()
      assert.equal([...resources.map(uriOf), ...resourceTemplates.map(uriOf)], resource.listed)
      assert.is((await client.readResource({ uri: resource.uri }))['contents'][0].text, resource.text)
    }
    if (prompt !== undefined) {
      assert.ok((await client.listPrompts())['prompts'].some((each: { name: string }) => each.name === prompt.name))
      const { messages } = await client.getPrompt({ name: prompt.name, arguments: prompt.args })
      assert.is(messages[0].content.text, prompt.text)
    }
    await client.close()
    assert.equal(guest.tap.violations, [])
    assert.equal(
      guest.errors.map(({ message }) => message),
      [],
    )
  })
}

const uriOf = (listed: { uri?: string; uriTemplate?: string }): string | undefined => listed.uri ?? listed.uriTemplate
