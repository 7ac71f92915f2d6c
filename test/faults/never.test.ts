/** Handlers that never return: given up when their time is over, when they are cancelled, and when the server closes. */
import type { Client } from '@oarlock/client'
import { Cancelled } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Stuck } from './fixtures/stuck.ts'
import { clientOf, REVISIONS, WIRES, Yard } from './yard.ts'

const test = suite('handlers that never return')

const stuck = async (client: Client): Promise<Stuck> => JSON.parse(await client.call<string>('stuck')) as Stuck

/** Calls what never returns, twenty times, and waits until all are under way. */
async function begun(client: Client, signal?: AbortSignal): Promise<readonly Promise<unknown>[]> {
  const { begun: before } = await stuck(client)
  const calls = Array.from({ length: 20 }, () =>
    client.call('never', {}, signal === undefined ? {} : { signal }).catch((cause: unknown) => cause),
  )
  while ((await stuck(client)).begun < before + 20);
  return calls
}

let shared: Yard
test.before(async () => {
  shared = await Yard.open()
})
test.after(() => shared.close())

for (const wire of WIRES) {
  for (const revision of REVISIONS) {
    const on = (name: string, body: (client: Client) => Promise<void>, own?: () => Promise<Yard>): void =>
      test(`${wire}, ${revision}: ${name}`, async () => {
        const yard = wire === 'stdio' ? undefined : ((await own?.()) ?? shared)
        const client = await clientOf(yard, wire, revision)
        await body(client)
        await client.close()
        if (yard !== shared) await yard?.close()
      })

    on('what never returns is given up when its time is over, with a word on it', async client => {
      const { busy } = await stuck(client)
      const results = [await client.callRaw('brief'), await client.callRaw('yields')]
      for (const { isError, content } of results) {
        assert.ok(isError)
        assert.match(JSON.stringify(content), /50 ms/)
      }
      const failures = [client.read('page://one'), client.prompt('prompt')].map(work => work.catch((cause: unknown) => cause))
      for (const failure of await Promise.all(failures)) {
        assert.match(String(failure), /Error id|50 ms/)
      }
      assert.is(await client.call('echo', { text: 'x' }), 'x')
      assert.is((await stuck(client)).busy, busy)
    })

    on('whoever cancels what never returns is free at once, and its handler is told', async client => {
      const controller = new AbortController()
      const calls = await begun(client, controller.signal)
      const { stopped } = await stuck(client)
      controller.abort()
      for (const cause of await Promise.all(calls)) assert.ok(Cancelled.is(cause), String(cause))
      // Over a transport that answers each for itself, the word of it is on its way.
      while ((await stuck(client)).stopped < stopped + 20);
    })

    on(
      'a server closes within its time, whatever never returns, and says so, or ends its process in order',
      async client => {
        const calls = await begun(client)
        assert.is(await client.call('close'), 'closing')
        for (const cause of await Promise.all(calls)) assert.match(String(cause), /shutting down|ended with exit code 0/i)
      },
      Yard.open,
    )
  }
}

test.run()
