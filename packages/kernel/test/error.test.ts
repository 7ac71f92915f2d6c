/** The errors and the signal of handlers, as middleware sees them. */
import { Client } from '@oarlock/client'
import { Fault, memoryConnector } from '@oarlock/protocol'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Asking, Server } from '@oarlock/kernel'

const test = suite('errors of handlers')

for (const revision of ['2025-06-18', '2026-07-28'] as const) {
  test(`middleware that counts what fails tells a question from a failure (${revision})`, async () => {
    const server = new Server({ name: 's', version: '1.0.0', log: false })
    const caught: string[] = []
    server.use('prompts/get', async (_call, next) => {
      try {
        return await next()
      } catch (cause) {
        caught.push(cause instanceof Asking ? 'asked' : 'failed')
        throw cause
      }
    })
    server.prompt('greet', {}, async (_args, ctx) => {
      const answer = await ctx.elicit('name', { message: 'Your name?', schema: Type.Object({ name: Type.String() }) })
      if (answer.action !== 'accept') throw new Fault('INVALID_PARAMS', 'Nobody to greet')
      return `Hello ${answer.content.name}`
    })
    const client = await Client.open(memoryConnector(server, { head: { transport: 'memory' } }), { revision })
    let action: 'accept' | 'decline' = 'accept'
    await client.answer({ elicit: () => (action === 'accept' ? { action, content: { name: 'Ann' } } : { action }) })
    assert.equal((await client.prompt('greet'))[0]?.content, { type: 'text', text: 'Hello Ann' })
    action = 'decline'
    assert.match(await client.prompt('greet').then(String, (error: Error) => error.message), /Nobody to greet/)
    // Where the client can be asked in the middle of a call, the middleware sees one call and no question.
    const asked = revision === '2025-06-18' ? [] : ['asked']
    assert.equal(caught, [...asked, ...asked, 'failed'])
    await client.close()
    await server.close({ within: 0 })
  })
}

test.run()
