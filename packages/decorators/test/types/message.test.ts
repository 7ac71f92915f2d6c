/** Compile errors have to be readable: both types, side by side, and no internals of ours. */
// time limit: 120 s
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { check, DIALECTS } from './check.ts'

const message = suite('message')

const SOURCE = `import { Field, Tool } from '@oarlock/decorators'
import { Type } from 'typebox'
const Add = Type.Object({ a: Type.Number() })
export class Calculator {
  @Tool({ input: Add }) argument(args: { a: string }) { return args }
  @Tool({ output: Type.Number() }) result() { return 'one' }
  @Tool({ inputs: Add }) option() {}
  @Field(Type.String()) field!: number
}
`

for (const dialect of DIALECTS) {
  message(`with ${dialect} decorators an error tells what was written and what was wanted`, async () => {
    const printed = await check(SOURCE, dialect)
    const at = (line: number) => printed.split(/^(?=source\.ts)/m).find(part => part.startsWith(`source.ts(${line},`)) ?? ''
    assert.match(at(5), /Argument of type '.*\(args: \{ a: string; \}\) => \{ a: string; \}/)
    assert.match(at(5), /ToolFunction<.*Type 'number' is not assignable to type 'string'/s)
    assert.match(at(6), /Argument of type '.*\(\) => string/)
    assert.match(at(6), /Type 'string' is not assignable to type 'number/)
    assert.match(at(7), /'inputs' does not exist in type 'ToolOptions<.*Did you mean to write 'input'\?/)
    assert.match(at(8), /Mismatch<string, number>/)
    assert.is(printed.match(/^source\.ts/gm)?.length, 4, printed)
  })
}

message.run()
