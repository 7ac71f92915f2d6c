/** Mistakes that types would have caught are caught where they are made, with the name of what was meant. */

import { InvalidComponent, Server } from '@oarlock/kernel'
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
