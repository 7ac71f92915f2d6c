/** What holds of methods that answer and listen for a client, in either dialect: the dialects bring nothing but the decorators. */
import { Client } from '@oarlock/client'
import { Server } from '@oarlock/kernel'
import { type CreateMessageResult, type ElicitRequestFormParams, type ElicitResult, memoryConnector, type Root } from '@oarlock/protocol'
import type { Test } from 'uvu'
import * as assert from 'uvu/assert'

/** What a desk does, without a word on what for. */
export class Plain {
  readonly heard: unknown[] = []
  readonly name: string = 'Ann'

  form(form: ElicitRequestFormParams): ElicitResult {
    this.heard.push(form.message)
    return { action: 'accept', content: { name: this.name } }
  }

  sample(): CreateMessageResult {
    return { role: 'assistant', model: 'm', content: { type: 'text', text: `by ${this.name}` } }
  }

  roots(): readonly Root[] {
    return [{ uri: 'file:///home' }]
  }

  progress({ progress, method }: { progress: number; method: string }): void {
    this.heard.push(`${method} ${progress}`)
  }

  tools(list: string): void {
    this.heard.push(list)
  }

  updated({ uri }: { uri: string }): void {
    this.heard.push(uri)
  }
}

const NAME = { type: 'object', properties: { name: { type: 'string' } } }

/** A server that asks for everything a desk answers. */
export function serving(): Server {
  const server = new Server({ name: 's', version: '1' })
  server.tool('ask', {}, async (_args, ctx) => {
    const who = await ctx.elicit('who', { message: 'Who?', schema: NAME as never })
    return who.action === 'accept' ? (who.content as unknown as { name: string }).name : 'nobody'
  })
  server.tool('draft', {}, async (_args, ctx) => {
    const draft = await ctx.sample('d', { messages: [{ role: 'user', content: { type: 'text', text: 'x' } }], maxTokens: 5 })
    return (draft.content as { text: string }).text
  })
  server.tool('where', {}, async (_args, ctx) => (await ctx.roots('r'))[0]?.uri)
  server.tool('count', {}, (_args, ctx) => (ctx.progress(1, 2), 'counted'))
  server.resource('logs', { uri: 'logs://api' }, () => 'log')
  return server
}

/**
 * Tries a decorated desk on servers of each kind of conversation.
 * @param Desk `Plain` with its methods decorated
 */
export function answering(test: Test, Desk: new () => Plain): void {
  class Other extends Desk {
    override readonly name = 'Bob'

    override form(form: ElicitRequestFormParams): ElicitResult {
      return super.form({ ...form, message: `${form.message}!` })
    }
  }

  for (const revision of ['2025-11-25', '2026-07-28'] as const) {
    test(`${revision}: an object answers what the server asks and hears what it tells`, async () => {
      const server = serving()
      const client = await Client.open(memoryConnector(server), { revision })
      const desk = new Desk()
      const stop = await client.answerWith(desk)
      assert.is(await client.call('ask'), 'Ann')
      assert.is(await client.call('draft'), 'by Ann')
      assert.is(await client.call('where'), 'file:///home')
      await client.call('count')
      assert.equal(desk.heard.splice(0), ['Who?', 'tools/call 1'])
      const heard = new Promise<void>(resolve => void client.on('tools.changed', () => resolve()))
      server.tool('more', {}, () => 'x')
      await heard
      assert.equal(desk.heard.splice(0), ['tools'])
      stop()
      await client.close()
      await server.close()
    })
  }

  test('an override without a decorator keeps what its parent said, and is what runs', async () => {
    const server = serving()
    const client = await Client.open(memoryConnector(server))
    const desk = new Other()
    await client.answerWith(desk)
    assert.is(await client.call('ask'), 'Bob')
    assert.equal(desk.heard, ['Who?!'])
    await client.close()
    await server.close()
  })
}
