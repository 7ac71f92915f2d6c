/** Two copies of the package in one process, as two versions in one dependency tree make them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import * as ours from '@oarlock/decorators'
import { jsonSchemaOf, Server } from '@oarlock/kernel'
import { copyOf } from './copy.ts'

const copies = suite('copies')

const theirs = await copyOf('theirs', ['@oarlock/kernel', '@oarlock/protocol'])
const apart = await copyOf('apart', [])

copies('are really two', () => {
  assert.is.not(theirs.Tool, ours.Tool)
  assert.is.not(apart.componentsOf, theirs.componentsOf)
})

for (const [name, other] of Object.entries({ 'sharing one kernel': theirs, 'each with its own kernel': apart })) {
  copies(`${name}: one class decorated by both is understood by both, and by a server`, () => {
    const rule = { requires: ['x'] }
    @other.Tags('class')
    class Mixed {
      @ours.Tool() one() {
        return 1
      }
      @ours.Guard(rule) @other.Tool() two() {
        return 2
      }
      three = other.tool({}, () => 3)
      four = ours.tool({}, () => 4)
    }
    class Child extends Mixed {
      @ours.Tool({ description: 'over' }) override two() {
        return 22
      }
    }
    const told = ours.componentsOf(new Child()).map(each => [each.name, each.tags, each.guards.length])
    const expected = [
      ['one', ['class'], 0],
      ['two', ['class'], 1],
      ['three', ['class'], 0],
      ['four', ['class'], 0],
    ]
    assert.equal(told, expected)
    assert.equal(
      other.componentsOf(new Child()).map(each => [each.name, each.tags, each.guards.length]),
      expected,
    )
    const server = new Server({ name: 's', version: '1' })
    server.offer(new Child())
    assert.equal(
      server.components.map(each => each.run({} as never, {} as never)),
      [1, 22, 3, 4],
    )
  })

  copies(`${name}: a schema class of one is a field of the other's, and containers are common`, () => {
    class Inner {
      @other.Field({ type: 'string' }) name!: string
    }
    class Outer {
      @ours.Field(Inner) inner!: Inner
    }
    assert.equal(jsonSchemaOf(Outer), {
      type: 'object',
      properties: { inner: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } },
      required: ['inner'],
    })
    class Needs {
      value = other.inject<number>('n')
    }
    assert.is(ours.withContainer(new Map([['n', 5]]), () => new Needs()).value, 5)
  })
}

copies.run()
