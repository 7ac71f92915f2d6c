/** What our client does with the resources and prompts of the official server-everything, and the news of them. */
import { RemoteFault } from '@oarlock/client'
import { gunzipSync } from 'node:zlib'
import * as assert from 'uvu/assert'
import { failureOf, type Stories } from '../client-sdk.ts'

const TEXT = 'demo://resource/dynamic/text/'

export const DOCUMENTS: Stories = {
  'resources are listed and read': async client => {
    const uri = 'demo://resource/static/document/instructions.md'
    const found = (await client.resources()).find(resource => resource.uri === uri)
    assert.equal([found?.name, found?.mimeType], ['instructions.md', 'text/markdown'])
    const [document] = await client.read(uri)
    assert.ok(document && 'text' in document)
    assert.is(document.text, (await client.discover()).instructions)
  },
  'templates are listed, filled in and read, text and bytes': async client => {
    assert.equal(
      (await client.templates()).map(({ uriTemplate }) => uriTemplate),
      [`${TEXT}{resourceId}`, 'demo://resource/dynamic/blob/{resourceId}'],
    )
    const [text] = await client.read(`${TEXT}5`)
    assert.match(text && 'text' in text ? text.text : '', /^Resource 5:/)
    const [blob] = await client.read('demo://resource/dynamic/blob/6')
    assert.match(blob && 'blob' in blob ? Buffer.from(blob.blob, 'base64').toString() : '', /^Resource 6:/)
  },
  'a resource that is not there is a fault': async client => {
    const missing = await failureOf(client.read(`${TEXT}none`))
    assert.ok(RemoteFault.is(missing))
    assert.match(missing.message, `Unknown resource: ${TEXT}none`)
  },
  'an update of a resource reaches who subscribed, until they leave': async client => {
    const logs: unknown[] = []
    client.on('log.received', ({ data }) => void logs.push(data))
    const news = client.listen({ resources: [`${TEXT}1`] })
    assert.equal((await news.ready).resources, [`${TEXT}1`])
    await client.call('toggle-subscriber-updates')
    assert.equal((await news.next()).value, { kind: 'resource', uri: `${TEXT}1` })
    const left = new Promise<void>(resolve => {
      client.on('log.received', ({ data }) => void (String(data).startsWith('Received Unsubscribe Resource request') && resolve()))
    })
    news.close()
    await left
    assert.match(String(logs[0]), `Received Subscribe Resource request for URI: ${TEXT}1`)
    await client.call('toggle-subscriber-updates')
  },
  'a resource that a tool makes is told of, linked and read': async client => {
    await using news = client.listen({ resourceList: true })
    assert.is((await news.ready).resourceList, true)
    const args = { name: 'oar.txt.gz', data: 'data:text/plain,pull', outputType: 'resourceLink' }
    const [link] = (await client.callRaw('gzip-file-as-resource', args)).content
    assert.ok(link?.type === 'resource_link')
    assert.equal((await news.next()).value, { kind: 'resourceList' })
    assert.ok((await client.resources()).some(({ uri }) => uri === link.uri))
    const [packed] = await client.read(link.uri)
    assert.is(packed && 'blob' in packed && gunzipSync(Buffer.from(packed.blob, 'base64')).toString(), 'pull')
  },
  'prompts are listed and filled in, with what they embed': async client => {
    assert.equal(
      (await client.prompts()).map(({ name, arguments: args }) => [name, (args ?? []).map(arg => `${arg.name}${arg.required ? '' : '?'}`)]),
      [
        ['simple-prompt', []],
        ['args-prompt', ['city', 'state?']],
        ['completable-prompt', ['department', 'name']],
        ['resource-prompt', ['resourceType', 'resourceId']],
      ],
    )
    const [simple] = await client.prompt('simple-prompt')
    assert.equal(simple?.content, { type: 'text', text: 'This is a simple prompt without arguments.' })
    const [weather] = await client.prompt('args-prompt', { city: 'Oslo' })
    assert.equal(weather?.content, { type: 'text', text: "What's weather in Oslo?" })
    const [, embedded] = await client.prompt('resource-prompt', { resourceType: 'Text', resourceId: '3' })
    assert.ok(embedded?.content.type === 'resource' && embedded.content.resource.uri === `${TEXT}3`)
    assert.ok(RemoteFault.is(await failureOf(client.prompt('args-prompt', {}))))
  },
  'arguments are completed, one in the light of another': async client => {
    const prompt = { type: 'ref/prompt', name: 'completable-prompt' } as const
    assert.equal((await client.complete(prompt, { name: 'department', value: 'S' })).values, ['Sales', 'Support'])
    const template = { type: 'ref/resource', uri: `${TEXT}{resourceId}` } as const
    assert.equal((await client.complete(template, { name: 'resourceId', value: '12' })).values, ['12'])
    assert.equal((await client.complete(template, { name: 'resourceId', value: 'x' })).values, [])
  },
}
