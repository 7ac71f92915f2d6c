/** Parameters named by `@Arg`, compiled with reflected types. */
import { Arg, componentsOf, Field, Prompt, Resource, ResourceTemplate, Tool } from '@oarlock/decorators'
import { Client } from '@oarlock/client'
import { InvalidComponent, jsonSchemaOf, Server, type Context } from '@oarlock/kernel'
import { memoryConnector } from '@oarlock/protocol'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const arg = suite('arg')

const refused = (work: () => unknown, message: string) =>
  assert.throws(work, (error: unknown) => error instanceof InvalidComponent && (assert.is(error.message, message), true))

class Size {
  @Field() width!: number
  @Field(Type.Integer()) height!: number
}

class Images {
  @Tool({ description: 'Resize an image' })
  resize(@Arg('path') path: string, @Arg('size') size: Size, ctx: Context, @Arg('deep', undefined, { optional: true }) deep?: boolean) {
    return `${path} ${size.width}x${size.height} ${deep} ${typeof ctx.signal}`
  }

  @Prompt()
  ask(@Arg('times', Type.Integer()) times: number) {
    return 'please '.repeat(times)
  }
}

arg('a client calls a method with its arguments one by one, checked', async () => {
  const server = new Server({ name: 's', version: '1' })
  server.offer(new Images())
  const client = await Client.open(memoryConnector(server))
  assert.is(await client.call('resize', { path: 'p', size: { width: 1, height: 2 } }), 'p 1x2 undefined object')
  const refusal = await client.call('resize', { path: 1, size: { width: 1 } }).then(String, (error: Error) => error.message)
  assert.match(refusal, /\/path/)
  assert.match(refusal, /\/size\/height|height/)
  const prompt = await client.prompt('ask', { times: '2' })
  assert.match(JSON.stringify(prompt), /please please/)
  await client.close()
  await server.close()
})

arg('a type that says too little names class, method, parameter and cure', () => {
  class Vague {
    @Tool() sum(@Arg('terms') terms: number[]) {
      return terms.length
    }
  }
  refused(
    () => componentsOf(new Vague()),
    "Vague.sum, parameter 1 ('terms'): its reflected type, Array, does not say enough. Write @Arg('terms', Type.String()) or another schema.",
  )
})

arg('a parameter that was forgotten is found by its type', () => {
  class Forgetful {
    @Tool() scale(@Arg('by', Type.Number()) by: number, label: string) {
      return `${by}${label}`
    }
  }
  refused(
    () => componentsOf(new Forgetful()),
    "Forgetful.scale, parameter 2: it has no @Arg and is not the context. Write @Arg('name') before it.",
  )
})

arg('contradictions are refused: input beside @Arg, one name twice, @Arg without a component, @Arg on a resource', () => {
  class Both {
    // @ts-expect-error the compiler says so too
    @Tool({ input: Type.Object({ a: Type.Number() }) }) sum(@Arg('a') a: never) {
      return a
    }
  }
  refused(() => componentsOf(new Both()), 'Both.sum: it has both @Arg parameters and the option input. Keep one.')
  class Twice {
    @Tool() sum(@Arg('a') a: number, @Arg('a') b: number) {
      return a + b
    }
  }
  refused(() => componentsOf(new Twice()), "Twice.sum: two parameters are @Arg('a')")
  class Nothing {
    sum(@Arg('a') a: number) {
      return a
    }
  }
  refused(() => componentsOf(new Nothing()), 'Nothing.sum: it has @Arg parameters, but no @Tool, @Prompt or @ResourceTemplate')
  class Document {
    // @ts-expect-error the compiler says so too
    @Resource({ uri: 'a://b' }) read(@Arg('uri') uri: never) {
      return uri
    }
  }
  refused(
    () => componentsOf(new Document()),
    'Document.read: a resource has no arguments, so it cannot have @Arg parameters. A @ResourceTemplate has.',
  )
})

arg('an override without decorators keeps the parameters, one with @Tool declares its own', () => {
  class Kept extends Images {
    override resize(path: string, size: Size, ctx: Context, deep?: boolean) {
      return `kept ${super.resize(path, size, ctx, deep)}`
    }
  }
  class Own extends Images {
    @Tool() override resize(@Arg('where') path: string) {
      return path
    }
  }
  const input = (object: object) => Object.keys((componentsOf(object)[0] as unknown as { input: { properties: object } }).input.properties)
  assert.equal(input(new Kept()), ['path', 'size', 'deep'])
  assert.equal(input(new Own()), ['where'])
})

arg('15: arguments named like members of Object.prototype come from the call alone', () => {
  class Odd {
    @Tool() odd(
      @Arg('constructor', Type.Optional(Type.String())) first: string | undefined,
      @Arg('__proto__', Type.Optional(Type.String())) second: string | undefined,
    ) {
      return [first, second]
    }
  }
  const [odd] = componentsOf(new Odd())
  assert.equal(odd?.run({} as never, {} as Context), [undefined, undefined])
  assert.equal(odd?.run(JSON.parse('{"__proto__":"x","constructor":"y"}') as never, {} as Context), ['y', 'x'])
})

arg('a template takes its variables one by one', () => {
  class Logs {
    @ResourceTemplate({ uri: 'logs://{service}' }) log(@Arg('service') service: string) {
      return service
    }
  }
  const [log] = componentsOf(new Logs())
  assert.is(log?.run({ service: 's', uri: 'logs://s' } as never, {} as Context), 's')
})

arg('a class that contains itself is refused before it fills the stack', () => {
  class Node {
    @Field() next!: Node
  }
  assert.throws(() => jsonSchemaOf(Node), /Node: it contains itself/)
})

arg('a misspelt option is refused where it is written', () => {
  assert.throws(() => Arg('a', Type.String(), { optinal: true } as never), /^'optinal' is no option of @Arg\. Did you mean 'optional'\?$/)
})

arg.run()
