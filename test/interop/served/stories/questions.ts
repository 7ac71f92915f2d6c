/** What the server asks the client: forms, pages, the model, roots. */
import * as assert from 'uvu/assert'
import { agreeable, failureOf, happened, type Guest, type Loose, newKey, textOf } from '../guest.ts'
import { since, stateless, type Story } from './story.ts'

/** Tells a story with other answers than the agreeable ones. */
async function answering(guest: Guest, answers: Partial<Guest['answers']>, story: () => Promise<void>): Promise<void> {
  Object.assign(guest.answers, answers)
  try {
    await story()
  } finally {
    Object.assign(guest.answers, agreeable())
  }
}

export const QUESTION_STORIES: readonly Story[] = [
  {
    title: 'the server knows what the client can be asked',
    async tell(guest, { revision }) {
      const can = ['elicit', 'elicit.url', 'sample', 'sample.tools', 'roots']
      const tooNew =
        revision >= '2025-11-25' ? [] : revision >= '2025-06-18' ? ['elicit.url', 'sample.tools'] : ['elicit', 'elicit.url', 'sample.tools']
      assert.is(textOf(await guest.call('can')), can.filter(what => !tooNew.includes(what)).join(' '))
    },
  },
  {
    title: 'a form is filled in, declined, or cancelled',
    where: since('2025-06-18'),
    async tell(guest, { revision }) {
      let asked: Loose = {}
      await answering(guest, { elicit: params => ((asked = params), agreeable().elicit(params)) }, async () => {
        assert.is(textOf(await guest.call('who')), 'accept {"name":"Ada","age":36}')
      })
      assert.is(asked['message'], 'Who are you?')
      assert.equal(asked['requestedSchema'].required, ['name'])
      assert.equal(asked['requestedSchema'].properties.name, { type: 'string', title: 'Name' })
      assert.is(asked['requestedSchema'].properties.age.type, 'integer')
      assert.is(asked['requestedSchema'].properties.age.default, revision >= '2025-11-25' ? 30 : undefined)
      for (const action of ['decline', 'cancel'])
        await answering(guest, { elicit: () => ({ action }) }, async () => {
          assert.is(textOf(await guest.call('who')), `${action} undefined`)
        })
    },
  },
  {
    title: 'a field that the user left out stays out, whatever its default',
    where: since('2025-06-18'),
    async tell(guest) {
      await answering(guest, { elicit: () => ({ action: 'accept', content: { name: 'Ada' } }) }, async () => {
        assert.is(textOf(await guest.call('who')), 'accept {"name":"Ada"}')
      })
    },
  },
  {
    title: 'what the revision has no words for is refused with a fault that names it',
    where: ({ revision }) => revision < '2025-11-25',
    async tell(guest, { revision }) {
      const refused = await failureOf(guest.call('sign', { key: newKey() }))
      assert.is(refused['code'], -32602)
      assert.equal(refused['data'], { requiredCapabilities: { elicitation: { url: {} } } })
      if (revision < '2025-06-18') assert.match((await failureOf(guest.call('who'))).message, 'elicitation.form')
    },
  },
  {
    title: 'an answer that does not fit the form is asked for again',
    where: since('2025-06-18'),
    async tell(guest) {
      const answers = [{ age: 3 }, { name: 'Ada', age: -1 }, { name: 'Ada', age: 36 }]
      await answering(guest, { elicit: () => ({ action: 'accept', content: answers.shift() }) }, async () => {
        assert.is(textOf(await guest.call('who')), 'accept {"name":"Ada","age":36}')
      })
      assert.is(answers.length, 0)
    },
  },
  {
    title: 'choices are asked for in the words of the revision, and come back as what they stand for',
    where: since('2025-06-18'),
    async tell(guest, { revision }) {
      const newer = revision >= '2025-11-25'
      let fields: Loose = {}
      const elicit = ({ requestedSchema }: Loose): Loose => {
        fields = requestedSchema.properties
        return { action: 'accept', content: { size: 'l', toppings: newer ? ['c', 'o'] : 'Cheese, Olives', gift: false } }
      }
      await answering(guest, { elicit }, async () => {
        assert.equal(JSON.parse(textOf(await guest.call('choose'))), { size: 'l', toppings: ['c', 'o'], gift: false })
      })
      assert.equal(
        [fields['size'].enum, fields['size'].enumNames],
        newer
          ? [undefined, undefined]
          : [
              ['s', 'l'],
              ['Small', 'Large'],
            ],
      )
      assert.is(fields['size'].oneOf?.length, newer ? 2 : undefined)
      assert.is(fields['toppings'].type, newer ? 'array' : 'string')
      assert.is(fields['gift'].default, true)
    },
  },
  {
    title: 'a prompt and a resource ask too',
    where: since('2025-06-18'),
    async tell(guest) {
      await answering(guest, { elicit: () => ({ action: 'accept', content: { name: 'Grace' } }) }, async () => {
        const { messages } = await guest.client.getPrompt({ name: 'letter' })
        assert.is(messages[0].content.text, 'A letter to Grace')
      })
      await answering(guest, { elicit: () => ({ action: 'accept', content: {} }) }, async () => {
        assert.is((await guest.client.readResource({ uri: 'note://diary' }))['contents'][0].text, 'dear diary')
      })
      await answering(guest, { elicit: () => ({ action: 'decline' }) }, async () => {
        await failureOf(guest.client.readResource({ uri: 'note://diary' }))
      })
    },
  },
  {
    title: 'two questions with work in between: the work is done once',
    where: since('2025-06-18'),
    async tell(guest) {
      const messages: unknown[] = []
      const elicit = ({ message }: Loose): Loose => {
        messages.push(message)
        return { action: 'accept', content: messages.length === 1 ? { name: 'Ada' } : { sure: true } }
      }
      await answering(guest, { elicit }, async () => {
        assert.is(textOf(await guest.call('order', { key: newKey() })), 'Ada: charged 1 times, right receipt, accept {"sure":true}')
      })
      assert.equal(messages, ['Who are you?', 'Ship it, Ada?'])
    },
  },
  {
    title: 'the user is sent to a page',
    where: since('2025-11-25'),
    async tell(guest, cell) {
      const key = newKey()
      let asked: Loose = {}
      await answering(guest, { elicit: params => ((asked = params), { action: 'accept' }) }, async () => {
        assert.is(textOf(await guest.call('sign', { key })), 'accept')
      })
      const [page, id] = String(asked['url']).split('?id=')
      assert.equal([asked['mode'], asked['message'], page], ['url', 'Sign here', `https://sign.example/${key}`])
      assert.is(asked['elicitationId'], stateless(cell) ? undefined : id)
      assert.match(id ?? '', /^[\w-]{16,}/)
      await answering(guest, { elicit: () => ({ action: 'decline' }) }, async () => {
        assert.is(textOf(await guest.call('sign', { key })), 'decline')
      })
    },
  },
  {
    title: 'a call that needs a page first is refused with it, and the client hears when the page is done',
    where: ({ revision }) => revision === '2025-11-25',
    async tell(guest) {
      const key = newKey()
      const refused = await failureOf(guest.call('permit', { key }))
      assert.is(refused['code'], -32042)
      const [elicitation] = refused['data'].elicitations as Loose[]
      const id = elicitation?.['elicitationId'] as string
      assert.is(elicitation?.['url'], `https://permit.example/${key}?id=${id}`)
      assert.is(textOf(await guest.call('page-done', { key, id })), 'true')
      const told = await guest.news.until('notifications/elicitation/complete')
      assert.is(told['elicitationId'], id)
      assert.is(textOf(await guest.call('permit', { key })), 'permitted')
    },
  },
  {
    title: 'a call that needs a page first asks for it',
    where: stateless,
    async tell(guest) {
      const key = newKey()
      assert.is(textOf(await guest.call('permit', { key })), 'asked')
      await answering(guest, { elicit: () => ({ action: 'decline' }) }, async () => {
        assert.is((await guest.call('permit', { key }))['isError'], true)
      })
    },
  },
  {
    title: 'the model is asked',
    async tell(guest) {
      let asked: Loose = {}
      await answering(guest, { sample: params => ((asked = params), agreeable().sample(params)) }, async () => {
        assert.is(textOf(await guest.call('think')), 'test-model: hi in 20 tokens')
      })
      assert.equal(asked['messages'], [{ role: 'user', content: { type: 'text', text: 'Say hi' } }])
      assert.is(asked['maxTokens'], 20)
    },
  },
  {
    title: 'the model is given tools, and uses one',
    where: since('2025-11-25'),
    async tell(guest) {
      let asked: Loose = {}
      const use = { type: 'tool_use', id: 'u1', name: 'lookup', input: { word: 'oar' } }
      const sample = (params: Loose): Loose => (
        (asked = params),
        { role: 'assistant', content: use, model: 'test-model', stopReason: 'toolUse' }
      )
      await answering(guest, { sample }, async () => {
        assert.equal(JSON.parse(textOf(await guest.call('use'))), { content: use, stopReason: 'toolUse' })
      })
      assert.is(asked['tools'][0].name, 'lookup')
      assert.equal(asked['toolChoice'], { mode: 'required' })
    },
  },
  {
    title: 'a user who does not want the model asked is heard',
    async tell(guest, cell) {
      const sample = (): Loose => {
        throw Object.assign(new Error('not today'), { code: -1 })
      }
      await answering(guest, { sample }, async () => {
        // In 2026-07-28 a client that cannot answer simply does not come back.
        if (stateless(cell)) return assert.match((await failureOf(guest.call('think'))).message, 'not today')
        const result = await guest.call('think')
        assert.is(result['isError'], true)
        assert.match(textOf(result), 'not today')
      })
    },
  },
  {
    title: 'roots are told, and what changes about them',
    async tell(guest, cell) {
      assert.is(textOf(await guest.call('where')), 'work at file:///work')
      await answering(guest, { roots: [{ uri: 'file:///a' }, { uri: 'file:///b', name: 'b' }] }, async () => {
        if (!stateless(cell)) await guest.client.sendRootsListChanged()
        assert.is(textOf(await guest.call('where')), 'unnamed at file:///a, b at file:///b')
      })
    },
  },
  {
    title: 'three questions leave together',
    where: since('2025-06-18'),
    async tell(guest) {
      assert.is(textOf(await guest.call('all')), 'Ada; test-model: hi in 20 tokens; 1 roots')
    },
  },
  {
    title: 'twenty calls that ask at once each get their own answers',
    where: since('2025-06-18'),
    async tell(guest) {
      const texts = (await Promise.all(Array.from({ length: 20 }, () => guest.call('all')))).map(textOf)
      assert.equal(new Set(texts), new Set(['Ada; test-model: hi in 20 tokens; 1 roots']))
    },
  },
  {
    title: 'cancelling a call that waits for an answer',
    where: cell => since('2025-06-18')(cell) && !stateless(cell),
    async tell(guest) {
      const controller = new AbortController()
      let answer: (result: Loose) => void = () => {}
      const elicit = (): Loose => {
        controller.abort('enough')
        return new Promise<Loose>(resolve => void (answer = resolve))
      }
      await answering(guest, { elicit }, async () => {
        assert.match((await failureOf(guest.call('who', {}, { signal: controller.signal }))).message, 'enough')
        answer({ action: 'accept', content: { name: 'late' } })
        await happened(guest, newKey(), 'nothing')
      })
    },
  },
]
