import { fakeClock, memoryBus } from '@oarlock/protocol'
import { defineTool, type Provider } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { quiet } from './stage.ts'
import { settled } from './wire.ts'

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

const source = (name: string, check: () => unknown): Provider => ({
  name,
  components: () => [],
  check: check as NonNullable<Provider['check']>,
})

test('what a provider finds about itself stands behind what components have, by its name, and by the place when it tells one', async () => {
  const server = quiet()
  const letters = [
    { severity: 'warning', message: 'is unused', code: 'unused', file: 'a.md', line: 3, column: 1 },
    { severity: 'error', message: 'has no end', prompt: 'b@2' },
  ] as const
  server.offer([{ ...source('disk', () => []), components: () => [defineTool('t', {}, () => '')] }, source('notes', () => ['no folder'])])
  const gone = server.offer(source('gone', () => ['nobody asks']))
  const offer = server.offer(source('old', () => ['replaced']))
  offer.update([source('library', async () => ['no driver']), [source('letters', () => letters)]])
  server.offer({ components: () => [], check: () => ['has no name'] })
  gone.remove()
  assert.equal((await found(server)).slice(1), [
    'error notes: no folder',
    'error library: no driver',
    'warning letters: a.md:3:1: is unused',
    'error letters: b@2: has no end',
    'error offer: has no name',
  ])
  const [first] = await server.check()
  assert.match(String(first?.message), 'has no description')
  assert.ok((await server.check()).some(({ code, file, line }) => code === 'unused' && file === 'a.md' && line === 3))
})

test('a provider that throws, rejects, says nonsense or does not answer is a problem, and hides no other', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const failing = (cause: unknown) => (): never => {
    throw cause
  }
  server.offer([
    source('throws', failing(new Error('EACCES'))),
    source('rejects', () => Promise.reject(new Error('ECONNREFUSED'))),
    source('odd', failing('a text')),
    source('none', () => undefined),
    source('strange', () => [null]),
    source('hangs', () => new Promise(() => {})),
    source('fine', () => []),
    source('last', () => ['no folder']),
  ])
  const asked = found(server)
  await settled()
  clock.advance(10_000)
  assert.equal(await asked, [
    'error throws: its check() failed: EACCES',
    'error rejects: its check() failed: ECONNREFUSED',
    'error odd: its check() failed: a text',
    'error none: its check() failed: it must return a list',
    'error strange: null',
    'error hangs: its check() failed: no answer within 10 s',
    'error last: no folder',
  ])
})

test.run()
