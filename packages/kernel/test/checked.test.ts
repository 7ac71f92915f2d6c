/** Mistakes that types would have caught are caught where they are made, with the name of what was meant. */

import { compileSchema, InvalidComponent, Server, tokenBucket } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('mistakes')

const server = (): Server => new Server({ name: 'mistakes', version: '1', log: false })
const never = (value: unknown): never => value as never

function refusal(act: () => unknown): Error {
  try {
    act()
  } catch (error) {
    return error as Error
  }
  throw new Error('nothing was refused')
}

test('a misspelt guard does not leave a tool open', () => {
  const error = refusal(() => server().tool('wipe', never({ guard: { require: ['admin'] } }), () => 'gone'))
  assert.instance(error, InvalidComponent)
  assert.match(error.message, "'require' is no member of a guard. Did you mean 'requires'?")
  assert.instance(
    refusal(() => server().tool('wipe', { guard: {} }, () => 'gone')),
    InvalidComponent,
  )
})

test('an unknown option is named, and the one that was meant', () => {
  assert.match(refusal(() => server().tool('a', never({ inputs: {} }), () => '')).message, "'inputs' is no option. Did you mean 'input'?")
  assert.match(refusal(() => new Server(never({ name: 'a', version: '1', instruction: '' }))).message, "Did you mean 'instructions'?")
})

test('so is one of the groups of options inside: a bound that is misspelt would bound nothing', async () => {
  const made = (options: object) => refusal(() => new Server(never({ name: 'a', version: '1', ...options }))).message
  assert.is(made({ limits: { stream: 1 } }), "'stream' is no option of limits of a server. Did you mean 'streams'?")
  assert.is(made({ limits: 3 }), 'The options of limits of a server must be an object')
  assert.is(made({ state: { secret: ['s'] } }), "'secret' is no option of state of a server. Did you mean 'secrets'?")
  assert.is(made({ features: { promts: true } }), "'promts' is no option of features of a server. Did you mean 'prompts'?")
  assert.is(made({ cache: { 'tools/list': { ttll: 1 } } }), "'ttll' is no option of cache. Did you mean 'ttl'?")
  const cached = refusal(() => server().resource('r', never({ uri: 'x://r', cache: { scop: 'public' } }), () => ''))
  assert.match(cached.message, "'scop' is no option of cache. Did you mean 'scope'?")
  assert.match(refusal(() => tokenBucket(never({ perSecond: 1, burst: 1, kei: () => '' }))).message, "'kei' is no option of tokenBucket()")
  const schema = refusal(() => compileSchema({ type: 'object' }, never({ format: false })))
  assert.is(schema.message, "'format' is no option of compileSchema(). Did you mean 'formats'?")
  assert.is(
    refusal(() => server().close(never({ whithin: 0 }))).message,
    "'whithin' is no option of server.close(). Did you mean 'within'?",
  )
  const offered = refusal(() => server().offer({ components: () => [] }, never({ contaner: new Map() })))
  assert.is(offered.message, "'contaner' is no option of server.offer(). Did you mean 'container'?")
})

test('a bound that is no number is refused', () => {
  for (const value of [Number.NaN, -1, '5', null])
    assert.match(
      refusal(() => new Server({ name: 'a', version: '1', limits: never({ inFlight: value }) })).message,
      'limits.inFlight must be a number that is not negative',
    )
})

test('a component without its function, or with its arguments in another order, is refused', () => {
  assert.match(refusal(() => server().tool('a', {}, never(undefined))).message, 'the function that the tool runs is missing')
  assert.match(refusal(() => server().tool('a', never('text'), () => '')).message, 'the options must be an object')
  assert.match(refusal(() => server().tool('a', never({ use: [{}] }), () => '')).message, 'use must be middleware')
})

test('middleware that is none, or around a method that is none, is refused', () => {
  assert.match(refusal(() => server().use(never({}))).message, 'server.use needs middleware')
  assert.match(refusal(() => server().use('tool/call', (_call, next) => next())).message, "Did you mean 'tools/call'?")
})

test('params of a template that are no variables are refused when it is offered', () => {
  const params = { type: 'object', properties: { m: { type: 'string' } } }
  const error = refusal(() => server().template('t', { uri: 'x://{n}', params }, () => ''))
  assert.match(error.message, "params has 'm', which is no variable of the template")
})

test('a server without name, and listening to what is no transport, are refused', async () => {
  assert.match(refusal(() => new Server(never(undefined))).message, 'needs a name and a version')
  assert.match(
    (
      (await server()
        .listen()
        .catch((error: unknown) => error)) as Error
    ).message,
    'at least one transport',
  )
  assert.match(
    (
      (await server()
        .listen(never(() => {}))
        .catch((error: unknown) => error)) as Error
    ).message,
    'call the function',
  )
})

test.run()
