/** Components as class fields. No decorator is needed, and no compiler: this file runs under type stripping. */
import { componentsOf, prompt, resource, template, tool } from '@oarlock/decorators'
import { Server, type Context, type Guard, type Middleware } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const classField = suite('class-field')

const ctx = { correlationId: 'c' } as Context
const Add = Type.Object({ a: Type.Number(), b: Type.Number() })

classField('a field is a component and still a function', () => {
  class Calculator {
    readonly #base = 1
    add = tool({ input: Add, output: Type.Number() }, ({ a, b }) => this.#base + a + b)
  }
  const calculator = new Calculator()
  assert.is(calculator.add({ a: 1, b: 2 }, ctx), 4)
  const [add] = componentsOf(calculator)
  assert.is(add?.name, 'add')
  assert.is(add?.origin, 'Calculator.add')
  assert.is(add?.run({ a: 1, b: 2 } as never, ctx), 4)
})

classField('one handler serves several fields, each under its own name and with its owner as this', () => {
  function who(this: unknown): string {
    return (this as { label: string }).label
  }
  class Two {
    label = 'two'
    first = tool({}, who)
    second = tool({ name: 'other' }, who)
  }
  const two = new Two()
  assert.equal(
    componentsOf(two).map(each => [each.name, each.run({} as never, ctx)]),
    [
      ['first', 'two'],
      ['other', 'two'],
    ],
  )
  assert.is(two.first({}, ctx), 'two')
})

classField('every kind and every option arrives', () => {
  const guard: Guard = { requires: ['x'] }
  const layer: Middleware = (_call, next) => next()
  const all = {
    tool: tool({ title: 'T', tags: ['t'], guard, use: layer, timeout: '2s', deprecated: true, version: '1.0.0' }, () => 1),
    resource: resource({ uri: 'a://b', mimeType: 'text/plain', size: 3 }, ({ uri }) => uri),
    template: template({ uri: 'a://{b}', params: Type.Object({ b: Type.String() }), unscreened: ['b'] }, ({ b, uri }) => b + uri),
    prompt: prompt({ args: Type.Object({ c: Type.String() }), complete: { c: () => ['d'] } }, ({ c }) => c),
  }
  const [first, second, third, fourth] = componentsOf(all)
  assert.is(first?.timeoutMs, 2_000)
  assert.equal([first?.guards, first?.use, first?.tags, first?.deprecated, first?.version], [[guard], [layer], ['t'], true, '1.0.0'])
  assert.is(second?.kind === 'resource' && second.size, 3)
  assert.equal(third?.kind === 'template' && [third.uriTemplate, third.unscreened], ['a://{b}', ['b']])
  assert.equal(fourth?.kind === 'prompt' && [...(fourth.complete?.keys() ?? [])], ['c'])
  const server = new Server({ name: 's', version: '1' })
  server.offer(all)
  assert.is(server.components.length, 4)
})

classField.run()
