/** Classes as schemas, at work in a server. */
import { Field, Tool, tool } from '@oarlock/decorators'
import { Client } from '@oarlock/client'
import { jsonSchemaOf, Server } from '@oarlock/kernel'
import { memoryConnector } from '@oarlock/protocol'
import { Type as OldType } from '@sinclair/typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'

const field = suite('field')

class Point {
  @Field({ type: 'number' }) x!: number
  @Field({ type: 'number' }) y!: number
}

class Shape {
  @Field([Point]) points!: Point[]
  @Field(z.string().min(1)) label!: string
  @Field(OldType.Optional(OldType.String())) colour?: string
}

class Geometry {
  @Tool({ input: Shape, output: Point })
  centre({ points }: Shape): Point {
    const mean = (key: 'x' | 'y') => points.reduce((sum, point) => sum + point[key], 0) / points.length
    return { x: mean('x'), y: mean('y') }
  }
  count = tool({ input: Shape }, ({ points, label }) => `${label} ${points.length}`)
}

field('a class is the schema of arguments and results: listed, checked, inferred', async () => {
  const server = new Server({ name: 's', version: '1' })
  server.offer(new Geometry())
  const client = await Client.open(memoryConnector(server))
  const points = [
    { x: 0, y: 0 },
    { x: 2, y: 4 },
  ]
  assert.equal(await client.call('centre', { points, label: 'a' }), { x: 1, y: 2 })
  assert.is(await client.call('count', { points, label: 'a' }), 'a 2')
  const refusal = await client.call('centre', { points: [{ x: 'far' }], label: '' }).then(String, (error: Error) => error.message)
  assert.match(refusal, /\/points\/0\/x/)
  assert.match(refusal, /\/label/)
  await client.close()
  await server.close()
})

field('any kind of schema stands in a field; what it marks as optional is', () => {
  const json = jsonSchemaOf(Shape) as { required: string[]; properties: Record<string, Record<string, unknown>> }
  assert.equal(json.required, ['points', 'label'])
  assert.is(json.properties['label']?.['minLength'], 1)
  assert.is(json.properties['colour']?.['type'], 'string')
  assert.equal(json.properties['points']?.['items'], jsonSchemaOf(Point))
})

field('a class without @Field is no schema, and the field that uses it is named', () => {
  class Empty {}
  class Holder {
    @Field(Empty) empty!: Empty
  }
  assert.throws(
    () => jsonSchemaOf(Holder),
    /^InvalidComponent: Holder\.empty: Empty is no schema: none of its fields has @Field$|Holder\.empty: Empty is no schema/,
  )
})

field('a field without schema needs reflected types, which this dialect has not', () => {
  class Holder {
    @Field() name!: string
  }
  assert.throws(
    () => jsonSchemaOf(Holder),
    /Holder\.name: it has no schema, and this compiler told no type for it\. Write @Field\(Type\.String\(\)\)/,
  )
})

field('a subclass without fields of its own has those of its parents', () => {
  class Sub extends Point {
    @Tool() method() {}
  }
  class SubSub extends Sub {}
  assert.equal(jsonSchemaOf(Sub), jsonSchemaOf(Point))
  assert.equal(jsonSchemaOf(SubSub), jsonSchemaOf(Point))
})

field('a misspelt option is refused where it is written', () => {
  assert.throws(() => Field(OldType.String(), { optinal: true } as never), /^'optinal' is no option of @Field\. Did you mean 'optional'\?$/)
})

field.run()
