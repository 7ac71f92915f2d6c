/** Injection while an object is made, and only then. */
import { componentsOf, inject, Tool, withContainer } from '@oarlock/decorators'
import { Server, type Context } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const injection = suite('inject')

class Database {
  readonly rows: number
  constructor(rows: number) {
    this.rows = rows
  }
}

class Reports {
  readonly db = inject(Database)
  @Tool() rows() {
    return this.db.rows
  }
}

const containing = (rows: number) => new Map([[Database, new Database(rows)]])

injection('a class offered with a container is constructed with it, in arrays too', () => {
  const server = new Server({ name: 's', version: '1' })
  server.offer(Reports, { container: containing(1) })
  class Others extends Reports {
    @Tool({ name: 'others' }) override rows() {
      return super.rows()
    }
  }
  server.offer([Others], { container: containing(2) })
  assert.equal(
    server.components.map(each => [each.name, each.run({} as never, {} as Context)]),
    [
      ['rows', 1],
      ['others', 2],
    ],
  )
})

injection('containers nest, and the outer one is current again, after an error too', () => {
  class Outer {
    readonly inner = withContainer(containing(2), () => new Reports())
    readonly failed = (() => {
      try {
        return withContainer(new Map(), () => new Reports())
      } catch (error) {
        return (error as Error).message
      }
    })()
    readonly own = inject(Database)
  }
  const outer = withContainer(containing(1), () => new Outer())
  assert.is(outer.inner.rows(), 2)
  assert.is(outer.own.rows, 1)
  assert.is(outer.failed, 'inject(Database): the container has nothing for this token')
})

injection('outside of a construction the message says both ways to have a container', () => {
  assert.throws(
    () => new Reports(),
    /inject\(Database\) found no container.*server\.offer\(Class, \{ container \}\).*withContainer\(container/,
  )
  assert.throws(() => inject(Symbol('db')), /inject\(Symbol\(db\)\) found no container/)
})

injection('a container that makes its values asks for their needs the same way', () => {
  class Service {
    readonly db = inject(Database)
  }
  class User {
    readonly service = inject(Service)
  }
  const container = {
    get: (token: unknown): unknown => (token === Service ? new Service() : token === Database ? new Database(7) : undefined),
  }
  assert.is(withContainer(container, () => new User()).service.db.rows, 7)
})

injection('the work of an asynchronous function no longer has the container after its first await', async () => {
  const late = withContainer(containing(1), async () => {
    await Promise.resolve()
    return new Reports()
  })
  await late.then(
    () => assert.unreachable(),
    (error: Error) => assert.match(error.message, /found no container/),
  )
})

injection('two objects made one after the other share nothing', () => {
  const [one, two] = [1, 2].map(rows => withContainer(containing(rows), () => new Reports()))
  assert.equal([one?.rows(), two?.rows()], [1, 2])
  assert.is(componentsOf(one as Reports).length, 1)
})

injection.run()
