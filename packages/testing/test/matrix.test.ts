/** One class of behaviour in every cell of the matrix: what the main job is. */

import { matrix } from '@oarlock/testing'
import { Server } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('matrix')

function shop(): Server {
  const server = new Server({ name: 'shop', version: '1.0.0', instructions: 'Ask for prices.' })
  server.tool('price', { description: 'Price of n', input: Type.Object({ n: Type.Integer() }) }, ({ n }) => n * 3)
  server.tool('parts', { description: 'Parts', output: Type.Object({ parts: Type.Array(Type.String()) }) }, () => ({ parts: ['a', 'b'] }))
  server.tool('slow', { description: 'Reports progress' }, async function* () {
    yield { progress: 1, total: 2 }
    yield { progress: 2, total: 2 }
    return 'done'
  })
  server.tool('name', { description: 'Asks for a name' }, async (_args, ctx) => {
    const answer = await ctx.elicit('name', { message: 'Name?', schema: Type.Object({ name: Type.String() }) })
    return answer.action === 'accept' ? `Hello ${answer.content.name}` : answer.action
  })
  server.resource('config', { uri: 'shop://config', description: 'Configuration', mimeType: 'application/json' }, () => ({ open: true }))
  server.prompt('sell', { description: 'Sells', args: Type.Object({ what: Type.String() }) }, ({ what }) => `Sell me ${what}`)
  return server
}

for (const cell of matrix()) {
  test(`${cell.name}: tools, resources and prompts answer the same`, async () => {
    await using pair = await cell.connect(shop())
    const { client } = pair
    assert.is(client.revision, cell.revision)
    assert.is(await client.call('price', { n: 4 }), 12)
    assert.equal(await client.call('parts'), { parts: ['a', 'b'] })
    assert.equal(
      (await client.tools()).map(tool => tool.name),
      ['price', 'parts', 'slow', 'name'],
    )
    assert.equal(await client.read('shop://config'), [{ uri: 'shop://config', mimeType: 'application/json', text: '{"open":true}' }])
    assert.equal(await client.prompt('sell', { what: 'tea' }), [{ role: 'user', content: { type: 'text', text: 'Sell me tea' } }])
  })

  test(`${cell.name}: progress arrives before the answer`, async () => {
    await using pair = await cell.connect(shop())
    const seen: number[] = []
    assert.is(await pair.client.call('slow', {}, { onProgress: ({ progress }) => seen.push(progress) }), 'done')
    assert.equal(seen, [1, 2])
  })

  if (cell.revision >= '2025-06-18') {
    test(`${cell.name}: a handler asks the user and gets the answer`, async () => {
      await using pair = await cell.connect(shop(), { answers: { elicit: () => ({ action: 'accept', content: { name: 'Ada' } }) } })
      assert.is(await pair.client.call('name'), 'Hello Ada')
    })
  }
}

test.run()
