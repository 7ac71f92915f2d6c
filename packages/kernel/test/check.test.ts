import { memoryBus } from '@oarlock/protocol'
import { defineTool } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { quiet } from './stage.ts'

const test = suite('check')
const found = async (server: ReturnType<typeof quiet>): Promise<string[]> =>
  (await server.check()).map(({ severity, where, message }) => `${severity} ${where}: ${message}`)

test('a server without problems has none', async () => {
  const server = quiet()
  server.tool(
    'add',
    { description: 'Adds', input: Type.Object({ a: Type.Number() }), output: Type.Object({ sum: Type.Number() }) },
    ({ a }) => ({ sum: a }),
  )
  server.template(
    'logs',
    { uri: 'logs://{name}', description: 'Logs', params: Type.Object({ name: Type.String() }), complete: { name: () => [] } },
    () => '',
  )
  server.prompt('review', { description: 'Reviews', args: Type.Object({ code: Type.String() }), complete: { code: () => [] } }, () => '')
  assert.equal(await found(server), [])
})

test('everything is named at once, with its component', async () => {
  const server = quiet()
  server.offer({ components: () => [defineTool('add', {}, () => '', { origin: 'Calculator.add' })] })
  server.tool('a.b', { description: 'd' }, () => '')
  server.tool('x'.repeat(41), { description: 'd' }, () => '')
  server.tool(
    'wide',
    {
      description: 'd',
      input: { type: 'object', anyOf: [{}], properties: { list: { type: 'array' }, either: { type: ['string', 'null'] } } },
    },
    () => '',
  )
  server.prompt('p', { description: 'd', args: Type.Object({ colour: Type.String() }), complete: { color: () => [] } }, () => '')
  server.template(
    't',
    { uri: 'x://{id}', description: 'd', params: Type.Object({ id: Type.Optional(Type.String()) }), complete: { ide: () => [] } },
    () => '',
  )
  const problems = await found(server)
  for (const expected of [
    'warning Calculator.add: has no description: models choose by it',
    "warning server.tool('a.b'): the name 'a.b' has a dot, which some clients refuse",
    'is longer than 40 characters',
    "warning server.tool('wide'): input schema /anyOf",
    "warning server.tool('wide'): input schema /properties/list",
    "warning server.tool('wide'): input schema /properties/either/type",
    "error server.prompt('p'): completes 'color', which is no argument. Did you mean 'colour'?",
    "error server.template('t'): completes 'ide', which is no argument",
  ]) {
    assert.ok(
      problems.some(problem => problem.includes(expected)),
      `${expected}\nis not in\n${problems.join('\n')}`,
    )
  }
})

test('row 22: invisible characters in what models read are errors', async () => {
  for (const hidden of ['\u200B', '\u202E', '\uFEFF', '\u{E0041}']) {
    const server = quiet()
    server.tool('t', { description: `Adds${hidden}` }, () => '')
    assert.match((await found(server)).join(), 'invisible characters')
  }
})

test('every version of a component is looked at', async () => {
  const server = quiet()
  server.tool('t', { description: 'd', version: '2' }, () => '')
  server.tool('t', { version: '1' }, () => '')
  assert.match((await found(server)).join(), 'has no description')
})

test('several processes without a shared secret cannot carry on each other’s calls', async () => {
  const alone = quiet({ bus: memoryBus() })
  assert.match((await found(alone)).join(), /error server: .*state\.secrets/)
  assert.equal(await found(quiet({ bus: memoryBus(), state: { secrets: ['a secret of at least thirty-two characters'] } })), [])
})

test.run()
