/** Marks on schemas: kept where they are put, and invisible. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { changed, changeOf, mapOf, type named, since, span, spanOf, spans, type Static, Type, until } from '../src/type.ts'
import { Tool } from '../src/model/tool.ts'

const type = suite('type')

type('a span is read where it was put, and never reaches the wire', () => {
  const title = since('2025-06-18', Type.Optional(Type.String()))
  assert.equal(spanOf(title), { since: '2025-06-18' })
  assert.is(JSON.stringify(title), '{"type":"string"}')
  assert.equal(Object.keys(title), ['type'])
  assert.not(JSON.stringify(Tool).includes('2025'))
})

type('a span keeps what TypeBox hides on the schema, so that an optional field stays optional', () => {
  const schema = Type.Object({ title: since('2025-06-18', Type.Optional(Type.String())), name: until('2026-07-28', Type.String()) })
  assert.equal(schema.required, ['name'])
})

type('spans of spans intersect, and a change keeps the span', () => {
  const execution = since('2025-11-25', until('2026-07-28', Type.String()))
  assert.equal(spanOf(execution), { since: '2025-11-25', until: '2026-07-28' })
  assert.equal(spanOf(changed('schema', execution)), spanOf(execution))
  assert.is(changeOf(span({ since: '2025-06-18' }, changed('schema', Type.String()))), 'schema')
})

type('a span is half-open', () => {
  const bounds = { since: '2025-06-18', until: '2026-07-28' } as const
  assert.not(spans(bounds, '2025-03-26'))
  assert.ok(spans(bounds, '2025-06-18'))
  assert.ok(spans(bounds, '2025-11-25'))
  assert.not(spans(bounds, '2026-07-28'))
  assert.ok(spans({}, '2024-11-05'))
})

type('a mark leaves the schema it copies as it was', () => {
  const text = Type.String()
  since('2025-06-18', text)
  assert.equal(spanOf(text), {})
})

// Types: names and maps keep the static type.
const tool: Static<ReturnType<typeof named<Tool>>> = { name: 'a', inputSchema: { type: 'object', properties: {} } }
const counts = mapOf(Type.Number())
export const values: Static<typeof counts> = { [tool.name]: 1 }

type.run()
