/** What 300 tools cost the compiler. */
// time limit: 120 s
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { check, DIALECTS } from './check.ts'

const cost = suite('cost')

const TOOLS = 300
const MOST_INSTANTIATIONS = 500_000

const HEAD = `import { Tool, tool } from '@oarlock/decorators'
import type { In, Out, ToolContext } from '@oarlock/kernel'
import { Type } from 'typebox'
export const used: readonly [typeof Tool, typeof tool, typeof Type, In<object>?, Out<object>?, ToolContext?] = [Tool, tool, Type]
`

const numbers = Array.from({ length: TOOLS }, (_, index) => index)

const schemas = numbers
  .map(
    i => `const I${i} = Type.Object({ a: Type.String(), b: Type.Array(Type.String()), c${i}: Type.Optional(Type.Number()), d: Type.Union([Type.Literal('x'), Type.Literal('y${i}')]) })
const O${i} = Type.Object({ r: Type.Number(), k${i}: Type.Boolean() })`,
  )
  .join('\n')

const method = (i: number) =>
  `  @Tool({ description: 'd', input: I${i}, output: O${i} }) t${i}({ a, b }: In<typeof I${i}>, _ctx: ToolContext): Out<typeof O${i}> { return { r: a.length + b.length, k${i}: true } }`
const field = (i: number) =>
  `  t${i} = tool({ description: 'd', input: I${i}, output: O${i} }, ({ a, b }) => ({ r: a.length + b.length, k${i}: true }))`

function instantiations(printed: string): number {
  assert.not.match(printed, /^source\.ts.*error TS/m)
  return Number(/^Instantiations: +(\d+)/m.exec(printed)?.[1])
}

// Class fields are the same in both dialects.
const SPELLINGS = { standard: { method, field }, experimental: { method } }

for (const dialect of DIALECTS) {
  const baseline = check(HEAD, dialect)
  for (const [spelling, member] of Object.entries(SPELLINGS[dialect])) {
    cost(`${TOOLS} tools as ${spelling}s with ${dialect} decorators stay under ${MOST_INSTANTIATIONS} instantiations`, async () => {
      const nothing = instantiations(await baseline)
      const all = instantiations(await check(`${HEAD}${schemas}\nexport class All {\n${numbers.map(member).join('\n')}\n}\n`, dialect))
      assert.ok(all > nothing)
      assert.ok(all - nothing < MOST_INSTANTIATIONS, `${all - nothing}`)
    })
  }
}

cost.run()
