import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compareVersions } from '../../src/catalog/version.ts'
import { quiet } from '../stage.ts'
import { textOf, Wire } from '../wire.ts'

const test = suite('version')

test('versions are ordered as people read them', () => {
  const ordered = [
    '',
    '0.9',
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-beta',
    '1.0.0-rc.2',
    '1.0.0-rc.10',
    '1.0.0',
    '1.0.1',
    '1.2.0',
    '1.10.0',
    '2',
    '10.0.0',
  ]
  assert.equal(ordered.toReversed().toSorted(compareVersions), ordered)
  assert.is(compareVersions('1.0.0+build.5', '1.0.0+build.9'), 0)
  assert.is(compareVersions('1.0', '1.0'), 0)
})

test('the highest version that is not deprecated answers and is listed; the others answer by name', async () => {
  const server = quiet()
  const add = (version: string | undefined, deprecated?: string | boolean) =>
    server.tool(
      'add',
      { description: 'Adds', ...(version === undefined ? {} : { version }), ...(deprecated === undefined ? {} : { deprecated }) },
      () => version ?? 'none',
    )
  add('1.9.0')
  add('1.10.0')
  add('2.0.0', 'it rounds')
  add(undefined)
  const wire = new Wire(server)
  assert.is(textOf(await wire.call('add')), '1.10.0')
  const { tools } = (await wire.modern('tools/list')).result as { tools: { _meta: object }[] }
  assert.equal(
    tools.map(({ _meta }) => _meta),
    [{ 'dev.oarlock/version': '1.10.0' }],
  )
  for (const version of ['1.9.0', '2.0.0'])
    assert.is(textOf(await wire.call('add', {}, { meta: { 'dev.oarlock/version': version } })), version)
  assert.is((await wire.call('add', {}, { meta: { 'dev.oarlock/version': '3.0.0' } })).error?.code, -32602)
})

test('whoever asks for a version that is not there is told which are, of those it may have', async () => {
  const server = quiet()
  const hidden = { visible: () => false }
  for (const version of ['1', '2']) {
    server.tool('t', { description: 'd', version }, () => '')
    server.prompt('p', { description: 'd', version }, () => '')
    server.prompt('secret', { description: 'd', version, guard: hidden }, () => '')
  }
  server.prompt('p', { description: 'd', version: '3', guard: hidden }, () => '')
  const wire = new Wire(server)
  const meta = { 'dev.oarlock/version': '9' }
  const told = async (method: string, name: string) => (await wire.modern(method, { name }, { meta })).error?.message
  assert.is(await told('tools/call', 't'), "Unknown version of tool 't'. There is no version 9 of it, but 2, 1.")
  assert.is(await told('prompts/get', 'p'), "Unknown version of prompt 'p'. There is no version 9 of it, but 2, 1.")
  assert.match((await told('prompts/get', 'secret')) as string, /^Unknown prompt 'secret'/)
})

test('where all versions are deprecated the highest answers, and says so', async () => {
  const server = quiet()
  server.tool('old', { description: 'Old', version: '1', deprecated: true }, () => '1')
  server.tool('old', { description: 'Old', version: '2', deprecated: 'use new' }, () => '2')
  const wire = new Wire(server)
  assert.is(textOf(await wire.call('old')), '2')
  const { tools } = (await wire.modern('tools/list')).result as { tools: { description: string; _meta: object }[] }
  assert.is(tools[0]?.description, 'Deprecated: use new. Old')
  assert.equal(tools[0]?._meta, { 'dev.oarlock/version': '2', 'dev.oarlock/deprecated': 'use new' })
})

test('resources, templates and prompts have versions too', async () => {
  const server = quiet()
  for (const version of ['1', '2']) {
    const options = { description: 'd', version }
    server.resource('r', { ...options, uri: 'x://r' }, () => version)
    server.template('t', { ...options, uri: 't://{id}' }, () => version)
    server.prompt('p', options, () => version)
  }
  const wire = new Wire(server)
  const read = async (uri: string, meta = {}) =>
    ((await wire.modern('resources/read', { uri }, { meta })).result['contents'] as [{ text: string }])[0].text
  const meta = { 'dev.oarlock/version': '1' }
  assert.equal([await read('x://r'), await read('x://r', meta), await read('t://1'), await read('t://1', meta)], ['2', '1', '2', '1'])
  const prompt = await wire.modern('prompts/get', { name: 'p' }, { meta })
  assert.match(JSON.stringify(prompt.result['messages']), '"text":"1"')
})

test.run()
