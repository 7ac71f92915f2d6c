/** Two copies of the package in one process, in the experimental dialect. */
import * as ours from '@oarlock/decorators'
import { jsonSchemaOf, Server } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { copyOf } from '../copy.ts'

const copies = suite('copies, experimental')

const other = await copyOf('experimental', [])

copies('one class decorated by both is understood by both, and by a server', () => {
  const rule = { requires: ['x'] }
  @other.Tags('class')
  class Mixed {
    @ours.Tool() one() {
      return 1
    }
    @ours.Guard(rule) @other.Tool() two() {
      return 2
    }
    @ours.Tool() three(@other.Arg('n') n: number) {
      return n
    }
  }
  const told = (components: readonly { name: string; tags: readonly string[]; guards: readonly unknown[] }[]) =>
    components.map(({ name, tags, guards }) => [name, tags, guards.length])
  const expected = [
    ['one', ['class'], 0],
    ['two', ['class'], 1],
    ['three', ['class'], 0],
  ]
  assert.equal(told(ours.componentsOf(new Mixed())), expected)
  assert.equal(told(other.componentsOf(new Mixed())), expected)
  const server = new Server({ name: 's', version: '1' })
  server.offer(new Mixed())
  assert.equal(
    server.components.map(each => each.run({ n: 3 } as never, {} as never)),
    [1, 2, 3],
  )
})

copies('a schema class of one is a field of the other', () => {
  class Inner {
    @other.Field() name!: string
  }
  class Outer {
    @ours.Field() inner!: Inner
  }
  assert.equal((jsonSchemaOf(Outer) as { properties: { inner: unknown } }).properties.inner, jsonSchemaOf(Inner))
})

copies.run()
