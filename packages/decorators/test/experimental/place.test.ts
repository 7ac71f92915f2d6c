/** Where decorators may stand, in the experimental dialect. */
import { Arg, Complete, Deprecated, Field, Guard, Prompt, Resource, Tags, Tool, Use } from '@oarlock/decorators'
import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const place = suite('place, experimental')

const refused = (define: () => unknown, pattern: RegExp) =>
  assert.throws(define, (error: unknown) => error instanceof TypeError && pattern.test(error.message))

place('a getter and a setter are refused, with class, member and cure', () => {
  refused(() => {
    class House {
      // @ts-expect-error a getter is no method
      @Tool() get total() {
        return 1
      }
    }
    return House
  }, /^House\.total is a getter; @Tool describes a method\. Make the accessor a method: it is called, not read\.$/)
  refused(() => {
    class House {
      // @ts-expect-error a setter is no method
      @Resource({ uri: 'x://y' }) set total(_value: number) {}
    }
    return House
  }, /^House\.total is a setter; @Resource describes a method/)
})

place('a field is refused, and the message says how a field is written', () => {
  refused(() => {
    class House {
      // @ts-expect-error a field is no method
      @Prompt() add = () => 1
    }
    return House
  }, /^House\.add is a field; @Prompt describes a method\. For a field write `add = prompt\(/)
})

place('a class is refused where only methods can be described', () => {
  refused(() => {
    // @ts-expect-error a class is no method
    @Tool()
    class House {}
    return House
  }, /^House is a class; @Tool describes a method/)
})

place('@Field is refused on methods and statics', () => {
  refused(() => {
    class House {
      @Field(Type.String()) static label: string
    }
    return House
  }, /^House\.label is a static field; @Field describes a field of instances/)
})

place('@Arg is refused on parameters of constructors', () => {
  refused(() => {
    class House {
      readonly width: number
      // @ts-expect-error a constructor has no name to be offered by
      constructor(@Arg('width', Type.Number()) width: number) {
        this.width = width
      }
    }
    return House
  }, /^House: @Arg describes a parameter of a method/)
})

place('parentheses that are missing are missed at once', () => {
  for (const [word, decorator] of Object.entries({ Tool, Resource, Prompt, Complete, Field, Use, Guard, Tags, Deprecated })) {
    refused(
      () => {
        class House {
          // @ts-expect-error decorators are made by calling
          @decorator method() {}
        }
        return House
      },
      new RegExp(`^Write @${word}\\(…\\) with parentheses`),
    )
  }
})

place('one decorator twice on one method is refused', () => {
  refused(() => {
    class House {
      @Tool()
      @Tool()
      add() {}
    }
    return House
  }, /^House\.add has @Tool twice/)
})

place.run()
