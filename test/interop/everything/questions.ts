/** What the official server-everything asks our client, and what it logs. */
import { type Client, RemoteFault, ToolFailed } from '@oarlock/client'
import * as assert from 'uvu/assert'
import { failureOf, type Stories } from '../client-sdk.ts'
import { said } from './tools.ts'

const RAW = /Raw result: ([^]*)$/
const PAGE = { url: 'https://pay.example/17', message: 'Pay, please' }

/** What the server says the client answered. */
async function answered(client: Client, name: string, args: object = {}): Promise<{ action?: string; content?: Record<string, unknown> }> {
  return JSON.parse(RAW.exec(await said(client, name, args))?.[1] ?? '{}')
}

export const QUESTIONS: Stories = {
  'a form is filled in, every kind of field with its default': async client => {
    const { action, content } = await answered(client, 'trigger-elicitation-request')
    assert.is(action, 'accept')
    assert.equal(content, {
      name: 'Ada',
      firstLine: 'It was a dark and stormy night.',
      integer: 42,
      number: 3.14,
      untitledSingleSelectEnum: 'Monica',
      untitledMultipleSelectEnum: ['Guitar'],
      titledSingleSelectEnum: 'hero-1',
      titledMultipleSelectEnum: ['fish-1'],
      legacyTitledEnum: 'pet-1',
    })
  },
  'a form is declined, and cancelled': async client => {
    for (const action of ['decline', 'cancel'] as const) {
      await client.answer({ elicit: { form: () => ({ action }), url: () => ({ action }) } })
      assert.is((await answered(client, 'trigger-elicitation-request')).action, action)
    }
  },
  'an answer that does not fit its form never leaves the client': async client => {
    const content = { name: 'Ada', integer: 1000, email: 'nowhere' }
    await client.answer({ elicit: { form: () => ({ action: 'accept', content }), url: () => ({ action: 'cancel' }) } })
    const failed = await failureOf(client.call('trigger-elicitation-request'))
    assert.ok(ToolFailed.is(failed))
    assert.not.match(failed.message, 'nowhere')
  },
  'a page is opened with consent, and not without': async client => {
    assert.match(await said(client, 'trigger-url-elicitation', PAGE), 'completed the URL elicitation flow')
    assert.is((await answered(client, 'trigger-url-elicitation', { ...PAGE, url: 'https://elsewhere.example' })).action, 'decline')
  },
  'a call that needs a page first says which, and goes through when it is repeated': async client => {
    const args = { ...PAGE, errorPath: true }
    const needed = await failureOf(client.call('trigger-url-elicitation', args))
    assert.ok(RemoteFault.is(needed))
    assert.equal([needed.code, needed.fault], [-32042, 'URL_ELICITATION_REQUIRED'])
    assert.equal(
      needed.elicitations.map(({ url }) => url),
      ['https://modelcontextprotocol.io'],
    )
    assert.match(await said(client, 'trigger-url-elicitation', args), 'completed the URL elicitation flow')
  },
  'the model is asked, and may refuse': async client => {
    const text = await said(client, 'trigger-sampling-request', { prompt: 'Say hi', maxTokens: 20 })
    assert.match(text, '"model": "test-model"')
    assert.match(text, 'You are a helpful test server. 20 hi')
    const refused = await failureOf(client.call('trigger-sampling-request', { prompt: 'the secret' }))
    assert.ok(ToolFailed.is(refused))
    assert.match(refused.message, 'rejected')
  },
  'roots are told, and told anew when they change': async client => {
    assert.match(await said(client, 'get-roots-list'), '1. work\n   URI: file:///work')
    const updated = new Promise<void>(resolve => {
      client.on('log.received', ({ data }) => void (String(data).startsWith('Roots updated: 2') && resolve()))
    })
    await client.answer({ roots: [{ uri: 'file:///work' }, { uri: 'file:///play', name: 'play' }] })
    client.notifyRootsChanged()
    await updated
    assert.match(await said(client, 'get-roots-list'), '2. play\n   URI: file:///play')
  },
  'log messages arrive from the level that was asked for': async client => {
    const heard: unknown[] = []
    client.on('log.received', ({ level, data }) => void heard.push([level, String(data).replace(/ request.*/, '')]))
    await client.setLogLevel('error')
    const quiet = client.listen({ resources: ['demo://resource/dynamic/text/1'] })
    await quiet.ready
    await client.setLogLevel('info')
    const loud = client.listen({ resources: ['demo://resource/dynamic/text/2'] })
    await loud.ready
    await client.ping()
    assert.equal(heard, [['info', 'Received Subscribe Resource']])
    for (const news of [quiet, loud]) news.close()
  },
}
