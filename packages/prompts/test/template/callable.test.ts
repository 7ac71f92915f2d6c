/** Helpers of users. */
import { Fault } from '@oarlock/protocol'
import { expectTypeOf } from 'expect-type'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { helper } from '../../src/template/callable.ts'
import { messages, setOf, textOf } from './stage.ts'

const own = suite('helpers of users')

const repeat = helper({
  name: 'repeat',
  args: [Type.String(), Type.Integer({ maximum: 9 }), Type.Union([Type.Literal('-'), Type.Literal('+')])],
  required: 2,
  named: ['end'],
  run: (text, times, between, call) => {
    expectTypeOf(text).toEqualTypeOf<string>()
    expectTypeOf(times).toEqualTypeOf<number>()
    return Array.from({ length: times }, () => text).join(between ?? ' ') + (call.named['end'] === '!' ? '!' : '')
  },
})
const options = { helpers: [repeat] }

own('is called with checked values and what was given by name', () => {
  assert.is(textOf('{{repeat name 2}} {{repeat (upper name) 3 "-" end="!"}}', { name: 'a' }, options), 'a a A-A-A!')
})

const check = (text: string) =>
  setOf([{ id: 'x', text }], options)
    .check()
    .map(({ line, column, message }) => `${line}:${column} ${message}`)

own('its values are counted when the template is loaded, and checked when it is called', () => {
  assert.equal(check('{{repeat a}}{{repeat a 1 "-" 2}}{{repeat a 1 ende=2}}{{#repeat a 1}}{{/repeat}}'), [
    "1:1 'repeat' takes 2 to 3 values, not 1",
    "1:13 'repeat' takes 2 to 3 values, not 4",
    "1:33 'repeat' takes no ende=… Did you mean 'end'?",
    "1:54 'repeat' is no block: {{repeat …}}",
  ])
  const called = (values: object) => () => textOf('\n{{repeat a n b}}', { a: 'a', n: 1, b: '-', ...values }, options)
  assert.throws(called({ a: 1 }), /^x:2:1: Value 1 of \{\{repeat\}\}: expected string, found number$/)
  assert.throws(called({ n: 1.5 }), /Value 2 of \{\{repeat\}\}: expected integer, found a number with a fraction/)
  assert.throws(called({ n: 10 }), /Value 2 of \{\{repeat\}\}: expected a number <= 9, found a larger one/)
  assert.throws(called({ b: '*' }), /Value 3 of \{\{repeat\}\}: expected one of "-", "\+", found another string/)
})

own('constants that its schemas refuse are found when the template is loaded, each at its place', () => {
  assert.equal(check('Say\n{{repeat 1 2}}{{upper (repeat "a" 1.5 "*")}}\n{{#if true}}{{repeat null 10}}{{/if}}'), [
    '2:10 Value 1 of {{repeat}}: expected string, found number',
    '2:35 Value 2 of {{repeat}}: expected integer, found a number with a fraction',
    '2:39 Value 3 of {{repeat}}: expected one of "-", "+", found another string',
    '3:22 Value 1 of {{repeat}}: expected string, found null',
    '3:27 Value 2 of {{repeat}}: expected a number <= 9, found a larger one',
  ])
  assert.equal(check('{{repeat "a" 9 "+"}}{{repeat (upper "a") n}}'), [])
})

own('an entry of the list of helpers that is none is refused when the engine is made', () => {
  const made = (helpers: unknown) => () => setOf([], { helpers: helpers as never })
  assert.throws(made([repeat, null]), /^helpers\[1\] of a TemplateSet is no helper: make it with helper\(\{ name, args, run \}\)$/)
  for (const each of [1, 'shout', {}, { name: 'shout' }, { name: 'shout', run: () => '' }, () => ''])
    assert.throws(made([each]), /helpers\[0\]/)
  assert.throws(made({ repeat }), /^helpers of a TemplateSet must be a list$/)
  assert.throws(made([repeat, repeat]), /^There are two helpers 'repeat'$/)
})

own('knows the engine and the call', () => {
  const about = helper({
    name: 'about',
    run: call => `${call.locale} ${call.timeZone} ${call.now()} ${call.tokens('abcdefgh')} ${typeof call.ctx}`,
  })
  const engine = { helpers: [about], locale: 'de-DE', timeZone: 'Europe/Berlin', clock: { now: () => 7 } }
  assert.is(textOf('{{about}}', {}, engine), 'de-DE Europe/Berlin 7 2 undefined')
})

own('what it throws is told with its place, and a Fault passes as it is', () => {
  const cause = new Error('no')
  const fails = helper({ name: 'fails', run: () => assert.unreachable })
  const throwing = (thrown: unknown) =>
    helper({
      name: 'throwing',
      run: () => {
        throw thrown
      },
    })
  void fails
  const caught = (thrown: unknown): unknown => {
    try {
      return messages('a {{#if 1}}{{throwing}}{{/if}}', {}, { helpers: [throwing(thrown)] })
    } catch (error) {
      return error
    }
  }
  const failure = caught(cause) as Error
  assert.is(failure.message, 'x:1:12: no')
  assert.is(failure.cause, cause)
  const fault = new Fault('INVALID_PARAMS', 'mine')
  assert.is(caught(fault), fault)
  assert.is(caught('signal'), 'signal')
})

own('replaces a built-in that puts out text when it says so, and no other', () => {
  const mine = (name: string, replaces = true) =>
    textOf('{{upper "a"}}', {}, { helpers: [helper({ name, args: [Type.String()], replaces, run: text => `mine ${text}` })] })
  assert.is(mine('upper'), 'mine a')
  for (const name of ['if', 'each', 'user', 'image', 'resource', 'block', 'budget'])
    assert.throws(() => mine(name), `The helper '${name}' cannot be replaced`)
  assert.throws(
    () => mine('upper', false),
    /^'upper' is a built-in helper: give yours another name, or write replaces: true to take its place$/,
  )
  assert.throws(() => mine('uper'), /^There is no built-in helper 'uper' to be replaced\. Did you mean 'upper'\?$/)
})

own('T8: has a name that is one', () => {
  for (const name of [
    '',
    'a b',
    '1a',
    '__proto__',
    'a.b',
    '{{x}}',
    'constructor',
    'hasOwnProperty',
    'log',
    'helperMissing',
    'blockHelperMissing',
    'super',
  ]) {
    assert.throws(() => helper({ name, run: () => '' }), /cannot be a helper/)
  }
  assert.throws(() => helper({ name: 'a', run: undefined as never }), /needs a function/)
  assert.throws(() => helper({ name: 'a', arg: [], run: () => '' } as never), /'arg' is no option of helper\(\)\. Did you mean 'args'\?/)
  assert.throws(() => helper({ name: 'a', args: [Type.String()], required: 2, run: () => '' }), /has 1 args: required must be/)
})

own('options that cannot be are refused', () => {
  assert.throws(() => setOf([], { timeZone: 'Mars/Base' }), /Mars/)
  assert.throws(() => setOf([], { locale: 'no locale' }), RangeError)
  for (const outputChars of [0, -1, 1.5, Number.NaN, '9' as never])
    assert.throws(() => setOf([], { limits: { outputChars } }), /limits\.outputChars must be a positive integer/)
})

own.run()
