import { ToolError } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bytesBeyond } from '../src/result-size.ts'
import { quiet, reports } from './stage.ts'
import { textOf, Wire } from './wire.ts'

const test = suite('result-size')

test('bytes are counted as UTF-8 has them', () => {
  for (const text of ['plain', 'grün', '漢字', '🐢🐢', 'a漢🐢é']) {
    const bytes = new TextEncoder().encode(text).length
    assert.is(bytesBeyond(text, bytes), undefined)
    assert.is(bytesBeyond(text, bytes - 1), bytes)
  }
})

test('a result larger than the limit tells the model to ask for less, and how', async () => {
  const server = quiet({ limits: { resultBytes: 1_000 } })
  const seen = reports(server)
  const input = Type.Object({
    filter: Type.Optional(Type.String()),
    limit: Type.Optional(Type.Integer()),
    cursor: Type.Optional(Type.String()),
  })
  server.tool('rows', { description: 'All rows', input }, () => 'x'.repeat(2_000))
  server.tool('blob', { description: 'One text' }, () => 'x'.repeat(2_000))
  server.tool('short', { description: 'One text' }, () => 'x'.repeat(500))
  const wire = new Wire(server)
  const reply = await wire.call('rows')
  assert.is(reply.result['isError'], true)
  assert.match(textOf(reply), /takes 2\d\d\d bytes, more than the 1000 that are sent\. Ask for less: page through it with limit, cursor\./)
  assert.match(textOf(await wire.call('blob')), /narrow the arguments/)
  assert.is(textOf(await wire.call('short')).length, 500)
  assert.is(seen.length, 2, 'the author hears of it')
  const session = new Wire(server)
  await session.initialize('2025-06-18')
  assert.match(textOf(await session.request('tools/call', { name: 'rows' })), /page through it/)
})

test('the hint is that of the tool that ran, whatever became of it in the meantime; errors are bounded too', async () => {
  const server = quiet({ limits: { resultBytes: 1_000 } })
  const input = Type.Object({ limit: Type.Optional(Type.Integer()) })
  const offer = server.tool('rows', { description: 'd', input }, () => {
    offer.remove()
    return 'x'.repeat(2_000)
  })
  server.tool('fails', { description: 'd', input }, () => '')
  server.use('tools/call', async ({ component }, next) => {
    if (component?.name === 'fails') throw new ToolError('x'.repeat(2_000))
    return next()
  })
  const wire = new Wire(server)
  for (const name of ['rows', 'fails']) assert.match(textOf(await wire.call(name)), /page through it with limit/)
})

test('without a limit results are sent whole', async () => {
  const server = quiet()
  server.tool('rows', { description: 'All rows' }, () => 'x'.repeat(1_000_000))
  assert.is(textOf(await new Wire(server).call('rows')).length, 1_000_000)
})

test('a limit that is none is refused', () => {
  for (const resultBytes of [0, -1, 1.5, Number.NaN]) assert.throws(() => quiet({ limits: { resultBytes } }), /resultBytes/)
})

test.run()
