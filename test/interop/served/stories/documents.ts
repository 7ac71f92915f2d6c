/** Resources, templates, prompts, completion. */
import * as assert from 'uvu/assert'
import { failureOf, happened, type Loose, newKey } from '../guest.ts'
import { PIXEL } from '../documents.ts'
import { since, stateless, type Story } from './story.ts'

const promptRef = (name: string): Loose => ({ type: 'ref/prompt', name })
const resourceRef = (uri: string): Loose => ({ type: 'ref/resource', uri })

export const DOCUMENT_STORIES: readonly Story[] = [
  {
    title: 'resources are listed and read, as text and as bytes',
    async tell({ client }, { revision }) {
      const { resources } = await client.listResources()
      const listed = (resources as Loose[]).map(({ uri, name, mimeType, title }) => [uri, name, mimeType, title])
      assert.equal(listed, [
        ['note://today', 'today', 'text/plain', revision >= '2025-06-18' ? 'Today' : undefined],
        ['image://pixel', 'pixel', 'image/gif', undefined],
        ['note://diary', 'diary', 'text/plain', undefined],
      ])
      assert.equal((await client.readResource({ uri: 'note://today' }))['contents'], [
        { uri: 'note://today', mimeType: 'text/plain', text: 'rain' },
      ])
      assert.equal((await client.readResource({ uri: 'image://pixel' }))['contents'], [
        { uri: 'image://pixel', mimeType: 'image/gif', blob: PIXEL },
      ])
    },
  },
  {
    title: 'templates are listed, and what they describe is read',
    async tell({ client }) {
      const { resourceTemplates } = await client.listResourceTemplates()
      assert.equal(
        (resourceTemplates as Loose[]).map(({ uriTemplate, name }) => [name, uriTemplate]),
        [
          ['board', 'board://{key}'],
          ['day', 'note://day/{day}'],
          ['room', 'house://{wing}/{room}'],
        ],
      )
      const read = async (uri: string): Promise<unknown> => (await client.readResource({ uri }))['contents'][0].text
      assert.is(await read('note://day/monday'), 'it is monday')
      assert.is(await read('house://north/reading%20room'), 'the reading room of the north wing')
      assert.is(await read('board://b'), '{"board":"b"}')
    },
  },
  {
    title: 'a resource that does not exist is an error, with the number of the revision',
    async tell({ client, tap }, { revision }) {
      for (const uri of ['note://nowhere', 'note://day/someday']) {
        await failureOf(client.readResource({ uri }))
        assert.is(tap.received.at(-1)?.['error'].code, revision >= '2026-07-28' ? -32602 : -32002, uri)
      }
      const wrong = await failureOf(client.readResource({ uri: 'house://west/attic' }))
      assert.is(wrong['code'], -32602)
      assert.match(wrong.message, 'wing')
    },
  },
  {
    title: 'a resource that is subscribed is told of when it changes, and no longer afterwards',
    where: cell => !stateless(cell),
    async tell(guest) {
      const [key, other] = [newKey(), newKey()]
      await guest.client.subscribeResource({ uri: `board://${key}` })
      await happened(guest, key, 'watched')
      await guest.call('touch', { uri: `board://${other}` })
      await guest.call('touch', { uri: `board://${key}` })
      await guest.news.until('notifications/resources/updated', ({ uri }) => uri === `board://${key}`)
      assert.not(guest.news.of('notifications/resources/updated').some(({ uri }) => uri === `board://${other}`))
      await guest.client.unsubscribeResource({ uri: `board://${key}` })
      await happened(guest, key, 'unwatched')
    },
  },
  {
    title: 'what does not exist cannot be subscribed',
    where: cell => !stateless(cell),
    async tell({ client, tap }) {
      await failureOf(client.subscribeResource({ uri: 'note://nowhere' }))
      assert.is(tap.received.at(-1)?.['error'].code, -32002)
    },
  },
  {
    title: 'prompts are listed and filled in',
    async tell({ client }) {
      const { prompts } = await client.listPrompts()
      assert.equal(
        (prompts as Loose[]).map(({ name, arguments: args = [] }) => [
          name,
          (args as Loose[]).map(arg => `${arg['name']}${arg['required'] === true ? '' : '?'}`),
        ]),
        [
          ['review', ['code', 'language?']],
          ['tone', ['tone', 'loud?']],
          ['letter', []],
          ['many', ['number']],
          ['media', []],
        ],
      )
      const review = await client.getPrompt({ name: 'review', arguments: { code: 'x = 1', language: 'python' } })
      assert.is(review['description'], 'Reviews code')
      assert.equal(review['messages'], [{ role: 'user', content: { type: 'text', text: 'Review this python: x = 1' } }])
      const tone = await client.getPrompt({ name: 'tone', arguments: { tone: 'kind', loud: 'true' } })
      assert.equal(
        (tone['messages'] as Loose[]).map(({ role, content }) => [role, content.text]),
        [
          ['user', 'Be kind'],
          ['assistant', 'OK!'],
        ],
      )
      const media = await client.getPrompt({ name: 'media' })
      assert.equal(
        (media['messages'] as Loose[]).map(({ content }) => content.data ?? content.resource.text),
        [PIXEL, 'rain'],
      )
    },
  },
  {
    title: 'a prompt without an argument that it needs, and an unknown prompt, are invalid params',
    async tell({ client }) {
      const missing = await failureOf(client.getPrompt({ name: 'review', arguments: { language: 'python' } }))
      assert.is(missing['code'], -32602)
      assert.match(missing.message, 'code')
      assert.is((await failureOf(client.getPrompt({ name: 'revew' })))['code'], -32602)
    },
  },
  {
    title: 'arguments of prompts and variables of templates are completed',
    async tell({ client }) {
      const values = async (ref: Loose, name: string, value: string): Promise<unknown> =>
        (await client.complete({ ref, argument: { name, value } }))['completion'].values
      assert.equal(await values(promptRef('review'), 'language', 'p'), ['python', 'pascal'])
      assert.equal(await values(promptRef('tone'), 'tone', 'k'), ['kind', 'keen'])
      assert.equal(await values(promptRef('tone'), 'loud', 't'), ['true'])
      assert.equal(await values(resourceRef('note://day/{day}'), 'day', 't'), ['tuesday', 'thursday'])
      assert.equal(await values(resourceRef('house://{wing}/{room}'), 'wing', ''), ['north', 'south'])
    },
  },
  {
    title: 'no more than a hundred completions are sent, and the client is told of the rest',
    async tell({ client }) {
      const { completion } = await client.complete({ ref: promptRef('many'), argument: { name: 'number', value: '' } })
      assert.is(completion.values.length, 100)
      assert.equal([completion.total, completion.hasMore], [250, true])
    },
  },
  {
    title: 'a completion knows the other arguments',
    where: since('2025-06-18'),
    async tell({ client }) {
      const { completion } = await client.complete({
        ref: resourceRef('house://{wing}/{room}'),
        argument: { name: 'room', value: 'at' },
        context: { arguments: { wing: 'south' } },
      })
      assert.equal(completion.values, ['atrium'])
    },
  },
]
