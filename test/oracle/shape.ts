/** Brings official schemas and ours into one form, so that they can be compared for equality, and says where they differ. */
import type { JsonSchema } from './schemas.ts'

/** What a schema means, without the many ways of writing it. */
export type Shape =
  | { readonly kind: 'any' }
  | { readonly kind: 'value'; readonly type: string; readonly bounds: string }
  | { readonly kind: 'constant'; readonly values: readonly string[] }
  | { readonly kind: 'array'; readonly items: Shape; readonly bounds: string }
  | { readonly kind: 'union'; readonly branches: readonly Shape[] }
  /** A word whose type is another one in this revision; how it is said there is not a matter of schemas. */
  | { readonly kind: 'changed'; readonly change: string }
  | {
      readonly kind: 'object'
      readonly fields: Readonly<Record<string, Shape>>
      readonly required: readonly string[]
      /** What members that are not listed hold, where the schema says so. */
      readonly others: Shape | undefined
    }

/** Reads a schema. `resolve` looks references up; `knows` leaves out fields and branches that the revision at hand does not have. */
export interface Reading {
  resolve(reference: string): JsonSchema
  knows(schema: JsonSchema): boolean
  /** How the type of this word differs in the revision at hand, if it does. */
  change(schema: JsonSchema): string | undefined
}

const ANY: Shape = { kind: 'any' }

/** The shape of a schema. */
export function shapeOf(schema: JsonSchema | boolean, reading: Reading): Shape {
  if (typeof schema === 'boolean') return ANY
  const change = reading.change(schema)
  if (change !== undefined) return { kind: 'changed', change }
  if (schema.$ref !== undefined) return shapeOf(reading.resolve(schema.$ref), reading)
  if (schema.allOf !== undefined) return merged(schema.allOf.map(part => shapeOf(part, reading)))
  if (schema.anyOf !== undefined) return union(schema.anyOf.filter(branch => reading.knows(branch)).map(branch => shapeOf(branch, reading)))
  if (schema.const !== undefined) return { kind: 'constant', values: [JSON.stringify(schema.const)] }
  if (schema.enum !== undefined) return { kind: 'constant', values: schema.enum.map(value => JSON.stringify(value)).sort() }
  if (typeof schema.type === 'object') return union(schema.type.map(type => shapeOf({ ...schema, type }, reading)))
  if (schema.type === 'array') return { kind: 'array', items: shapeOf(schema.items ?? {}, reading), bounds: boundsOf(schema) }
  if (schema.type === 'object') return objectShape(schema, reading)
  return schema.type === undefined ? ANY : { kind: 'value', type: schema.type, bounds: boundsOf(schema) }
}

function objectShape({ properties = {}, required = [], additionalProperties }: JsonSchema, reading: Reading): Shape {
  const known = Object.entries(properties).filter(([, field]) => reading.knows(field))
  const others = additionalProperties === undefined ? ANY : shapeOf(additionalProperties, reading)
  return {
    kind: 'object',
    fields: Object.fromEntries(known.map(([name, field]) => [name, shapeOf(field, reading)])),
    required: required.filter(name => known.some(([each]) => each === name)).sort(),
    others: others.kind === 'any' ? undefined : others,
  }
}

function union(branches: readonly Shape[]): Shape {
  const flat = branches.flatMap(branch => (branch.kind === 'union' ? branch.branches : [branch]))
  const [only, ...more] = flat
  if (only !== undefined && more.length === 0) return only
  return { kind: 'union', branches: flat.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) }
}

/** Several objects as one. */
export function merged(shapes: readonly Shape[]): Shape {
  const objects = shapes.filter(shape => shape.kind === 'object')
  return {
    kind: 'object',
    fields: Object.assign({}, ...objects.map(({ fields }) => fields)) as Record<string, Shape>,
    required: [...new Set(objects.flatMap(({ required }) => required))].sort(),
    others: undefined,
  }
}

function boundsOf({ minimum, maximum, maxItems }: JsonSchema): string {
  return [minimum, maximum, maxItems].map(bound => bound ?? '').join('/')
}

/** Where two shapes differ, as `path: what`. `required` differences are told apart: `path: required`. */
export function differences(official: Shape, ours: Shape, path: string): string[] {
  if (ours.kind === 'changed') return [`${path}: changed ${ours.change}`]
  if (official.kind === 'object' && ours.kind === 'object') return objectDifferences(official, ours, path)
  if (official.kind === 'array' && ours.kind === 'array') {
    return [...(official.bounds === ours.bounds ? [] : [`${path}: bounds`]), ...differences(official.items, ours.items, `${path}[]`)]
  }
  if (official.kind === 'union' && ours.kind === 'union') return unionDifferences(official.branches, ours.branches, path)
  return JSON.stringify(official) === JSON.stringify(ours) ? [] : [`${path}: type`]
}

type ObjectShape = Extract<Shape, { kind: 'object' }>

function objectDifferences(official: ObjectShape, ours: ObjectShape, path: string): string[] {
  const names = [...new Set([...Object.keys(official.fields), ...Object.keys(ours.fields)])]
  const fields = names.flatMap(name => {
    const theirs = official.fields[name]
    const mine = ours.fields[name]
    if (theirs === undefined) return [`${path}.${name}: not official`]
    if (mine === undefined) return [`${path}.${name}: missing`]
    const optional = official.required.includes(name) === ours.required.includes(name) ? [] : [`${path}.${name}: required`]
    return optional.concat(differences(theirs, mine, `${path}.${name}`))
  })
  const others =
    official.others === undefined && ours.others === undefined ? [] : differences(official.others ?? ANY, ours.others ?? ANY, `${path}.*`)
  return [...fields, ...others]
}

/** Branches are matched by the constants that tell them apart, or by equality. */
function unionDifferences(official: readonly Shape[], ours: readonly Shape[], path: string): string[] {
  const labels = [...new Set([...official, ...ours].map(labelOf))]
  return labels.flatMap(label => {
    const theirs = official.find(branch => labelOf(branch) === label)
    const mine = ours.find(branch => labelOf(branch) === label)
    if (theirs === undefined) return [`${path}|${label}: not official`]
    if (mine === undefined) return [`${path}|${label}: missing`]
    return differences(theirs, mine, `${path}|${label}`)
  })
}

function labelOf(shape: Shape): string {
  if (shape.kind === 'object') {
    const constants = Object.entries(shape.fields).flatMap(([name, field]) =>
      field.kind === 'constant' ? [`${name}=${field.values.join()}`] : [],
    )
    const own = Object.keys(shape.fields).filter(
      name => !['_meta', 'title', 'description', 'default', 'annotations', 'mimeType'].includes(name),
    )
    return `{${constants.sort().join()} ${own.sort().join()}}`
  }
  return shape.kind === 'value' ? shape.type : shape.kind
}
