/** From notes to components: who is offered under which name, and what is refused. */
import { componentsOf, Guard, Tags, Tool, tool } from '@oarlock/decorators'
import { InvalidComponent, OFFERS, Server, type Component, type Context } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const reflect = suite('reflect')

const ctx = {} as Context
const names = (components: readonly Component[]) => components.map(({ name }) => name)
const refused = (work: () => unknown, message: string) =>
  assert.throws(work, (error: unknown) => error instanceof InvalidComponent && (assert.is(error.message, message), true))

class Counter {
  count = 0
  @Tool() next() {
    this.count += 1
    return this.count
  }
  reset = tool({}, () => {
    this.count = 0
  })
}

reflect('what componentsOf tells is what a server offers', () => {
  const server = new Server({ name: 's', version: '1' })
  const counter = new Counter()
  server.offer(counter)
  const plain = (components: readonly Component[]) => JSON.parse(JSON.stringify(components)) as unknown
  assert.equal(plain(server.components), plain(componentsOf(counter)))
  assert.equal(names(server.components), ['next', 'reset'])
})

reflect('two servers in one process serve objects of one class without sharing anything', () => {
  const [one, two] = [new Server({ name: 'one', version: '1' }), new Server({ name: 'two', version: '1' })]
  const [first, second] = [new Counter(), new Counter()]
  one.offer(first)
  two.offer(second)
  one.components[0]?.run({} as never, ctx)
  one.components[0]?.run({} as never, ctx)
  assert.is(two.components[0]?.run({} as never, ctx), 1)
  assert.is(first.count, 2)
  assert.is.not(one.components[0], two.components[0])
})

reflect('one object can be offered to two servers', () => {
  const counter = new Counter()
  const servers = ['one', 'two'].map(name => new Server({ name, version: '1' }))
  for (const server of servers) server.offer(counter)
  assert.equal(
    servers.map(server => server.components[0]?.run({} as never, ctx)),
    [1, 2],
  )
})

reflect('nothing is written on the method, and the object shows no trace in its keys', () => {
  class Plain {
    @Guard({}) @Tags('a') @Tool({ description: 'x' }) method() {}
  }
  const object = new Plain()
  assert.equal(new Set(Reflect.ownKeys(object.method)), new Set(['length', 'name']))
  assert.equal(Object.keys(object), [])
  assert.equal(Object.keys(Plain.prototype), [])
  assert.type((object as { [OFFERS]?: unknown })[OFFERS], 'function')
})

reflect('the method that runs is the one on the object when it is called', () => {
  const counter = new Counter()
  const [next] = componentsOf(counter)
  counter.next = () => 42
  assert.is(next?.run({} as never, ctx), 42)
})

reflect('a class with members of instances only says that an instance is wanted', () => {
  refused(() => componentsOf(Counter), 'Counter: it has no static components. Offer an instance: new Counter()')
  const server = new Server({ name: 's', version: '1' })
  assert.throws(() => server.offer(Counter), /Counter offers nothing\. Offer an instance/)
  assert.equal(componentsOf({}), [])
})

reflect('static members of parents are offered with the class, instance members are not', () => {
  class Parent {
    @Tool() static made() {
      return this.name
    }
    @Tool() instance() {}
  }
  class Child extends Parent {
    @Tool() static own() {
      return 'own'
    }
  }
  assert.equal(names(componentsOf(Child)), ['made', 'own'])
  assert.is(componentsOf(Child)[0]?.run({} as never, ctx), 'Child')
  assert.equal(names(componentsOf(new Child())), ['instance'])
  const server = new Server({ name: 's', version: '1' })
  server.offer(Child)
  assert.equal(names(server.components), ['made', 'own'])
})

reflect('a symbol without description needs a name', () => {
  const key = Symbol()
  class Anonymous {
    @Tool() [key]() {}
  }
  refused(() => componentsOf(new Anonymous()), 'Anonymous.Symbol(): the symbol has no description to name it by. Give the name option.')
})

reflect('a decorated method that is gone from the object is refused', () => {
  class Parent {
    @Tool() method() {}
  }
  const object = Object.assign(new Parent(), { method: 1 })
  refused(() => componentsOf(object), 'Parent.method: it is decorated, but the object has no method there any more')
})

reflect('a field that overrides a guarded method cannot lose the guard', () => {
  const rule = { requires: ['admin'] }
  class Parent {
    @Guard(rule) @Tool({ tags: ['option'] }) method(..._args: unknown[]): unknown {
      return 'parent'
    }
  }
  class Child extends Parent {
    override method = tool({}, () => 'child')
  }
  const [method, ...rest] = componentsOf(new Child())
  assert.equal(rest, [])
  assert.equal(method?.guards, [rule])
  assert.equal(method?.tags, ['option'])
  assert.is(method?.run({} as never, ctx), 'child')
})

reflect('15: members named like those of Object.prototype are members like all others', () => {
  class Odd {
    @Tool() hasOwnProperty() {
      return false
    }
    @Tool({ name: 'proto' }) ['__proto__']() {
      return 'proto'
    }
  }
  assert.equal(names(componentsOf(new Odd())), ['hasOwnProperty', 'proto'])
  assert.is(componentsOf(new Odd())[1]?.run({} as never, ctx), 'proto')
})

reflect.run()
