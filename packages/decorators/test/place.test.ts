/** Where decorators may stand, in the standard dialect. */
import { Complete, componentsOf, Deprecated, Field, Guard, Prompt, Resource, Tags, Tool, Use } from '@oarlock/decorators'
import { OFFERS } from '@oarlock/kernel'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const place = suite('place')

const label = Symbol('label')

const refused = (define: () => unknown, pattern: RegExp) =>
  assert.throws(define, (error: unknown) => error instanceof TypeError && pattern.test(error.message))

place('a getter, a setter and an accessor are refused, with the cure', () => {
  refused(
    () =>
      class {
        // @ts-expect-error a getter is no method
        @Tool() get total() {
          return 1
        }
      },
    /^total is a getter; @Tool describes a method\. Make the accessor a method: it is called, not read\.$/,
  )
  refused(
    () =>
      class {
        // @ts-expect-error a setter is no method
        @Resource({ uri: 'x://y' }) set total(_value: number) {}
      },
    /^total is a setter; @Resource describes a method/,
  )
  refused(
    () =>
      class {
        // @ts-expect-error an accessor is no method
        @Prompt() accessor total = 1
      },
    /^total is an accessor; @Prompt describes a method/,
  )
})

place('a field is refused, and the message says how a field is written', () => {
  refused(
    () =>
      class {
        // @ts-expect-error a field is no method
        @Tool() add = () => 1
      },
    /^add is a field; @Tool describes a method\. For a field write `add = tool\(/,
  )
  refused(
    () =>
      class {
        // @ts-expect-error a field takes layers as options
        @Guard({}) add = 1
      },
    /^add is a field; @Guard describes a method\. A field takes it as an option: tool\(\{ guard, use, tags \}/,
  )
})

place('a class is refused where only methods can be described', () => {
  refused(() => {
    // @ts-expect-error a class is no method
    @Tool()
    class House {}
    return House
  }, /^House is a class; @Tool describes a method/)
})

place('@Field is refused on methods, statics, symbols and private fields', () => {
  refused(
    () =>
      class {
        // @ts-expect-error a method is no field
        @Field(Type.String()) name() {}
      },
    /^name is a method; @Field describes a field of instances/,
  )
  refused(
    () =>
      class {
        @Field(Type.String()) static label: string
      },
    /^label is a static field; @Field describes a field of instances/,
  )
  refused(
    () =>
      class {
        @Field(Type.String()) [label]!: string
      },
    /cannot be a property in JSON/,
  )
  refused(
    () =>
      class {
        // oxlint-disable-next-line no-unused-private-class-members
        @Field(Type.String()) #name!: string
      },
    /^#name cannot be a property in JSON/,
  )
})

place('parentheses that are missing are missed at once', () => {
  for (const [word, decorator] of Object.entries({ Tool, Resource, Prompt, Complete, Field, Use, Guard, Tags, Deprecated })) {
    refused(
      () =>
        class {
          // @ts-expect-error decorators are made by calling
          @decorator method() {}
        },
      new RegExp(`^Write @${word}\\(…\\) with parentheses`),
    )
  }
})

place('one decorator twice on one method is refused', () => {
  refused(
    () =>
      class {
        @Tool()
        @Tool()
        add() {}
      },
    /^add has @Tool twice/,
  )
})

place('a compiler without decorator metadata is told apart from a mistake', () => {
  const context = { kind: 'method', name: 'add', static: false, private: false, access: {}, addInitializer() {} }
  refused(() => Tool()((() => 1) as never, context as never), /^add: this compiler gives decorators no context\.metadata/)
})

place('a class whose prototype another decorator sealed is offered all the same', () => {
  function sealed(target: abstract new () => object, _context: ClassDecoratorContext): void {
    Object.seal(target.prototype)
  }
  @sealed
  class Sealed {
    @Tool() add() {}
  }
  const object = new Sealed()
  assert.equal(
    componentsOf(object).map(({ name }) => name),
    ['add'],
  )
  assert.type((object as { [OFFERS]?: unknown })[OFFERS], 'function')
})

place.run()
