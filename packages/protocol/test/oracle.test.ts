/** The vocabulary against the official schema files: every definition of every revision, field by field. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { MODELS } from '../../../test/oracle/models.ts'
import { type JsonSchema, officialMessages, officialMethods, officialSchema } from '../../../test/oracle/schemas.ts'
import { differences, merged, type Reading, type Shape, shapeOf } from '../../../test/oracle/shape.ts'
import { methodsOf, rowOf } from '../src/method.ts'
import { atLeast, REVISIONS, type Revision } from '../src/revision.ts'
import { changeOf, spanOf, spans, type TSchema } from '../src/type.ts'

const oracle = suite('oracle')

/** Official definitions that are ours under another name. */
const ALIASES: Readonly<Record<string, string>> = {
  MetaObject: 'Meta',
  RequestMetaObject: 'RequestMeta',
  NotificationMetaObject: 'NoticeMeta',
  ResultMetaObject: 'ResultMeta',
  SubscriptionsListenResultMetaObject: 'SubscriptionsListenResultMeta',
  SamplingMessageContentBlock: 'SamplingContent',
  ResourceReference: 'ResourceTemplateReference',
  UnsubscribeRequestParams: 'SubscribeRequestParams',
  CancelTaskResult: 'TaskResult',
  GetTaskResult: 'TaskResult',
  GetTaskPayloadResult: 'EmptyResult',
}

/** Official definitions that are no part of the vocabulary, with the reason. */
const OUTSIDE: readonly (readonly [RegExp, string])[] = [
  [/^JSONRPC|^(Request|Notification|Result|PaginatedRequest|PaginatedResult|Error)$|ResultResponse$/, 'envelopes: message.ts'],
  [/Error$/, 'errors: fault.ts'],
  [/^(Client|Server)(Request|Notification|Result)$/, 'lists of other definitions: the method tests read them'],
  [/^(Annotated|BaseMetadata|Icons|CacheableResult|ResourceContents)$/, 'what other definitions have in common'],
  [/^(TaskAugmentedRequestParams|ResourceRequestParams|InputResponseRequestParams)$/, 'what other definitions have in common'],
  [/^(EnumSchema|SingleSelectEnumSchema|MultiSelectEnumSchema)$/, 'groups of the branches of PrimitiveSchemaDefinition'],
  [/^JSON(Value|Object|Array)$/, 'any JSON'],
  [/^(Cursor|ResultType)$/, 'a string'],
]

/** Schemas of ours that the official files write in the place where they are used. */
const INLINE = ['Form', 'InputSchema', 'OutputSchema']

/** Differences that are meant, with the reason. A path that no definition has is an error too. */
const MEANT: readonly (readonly [RegExp, string])[] = [
  [/\.(resultType|ttlMs|cacheScope): required$/, 'stamped by the edge of 2026-07-28, so handlers need not give them'],
  [/\._meta: required$/, 'params and listen results get their _meta from the edge'],
  [/\.io\.modelcontextprotocol\/(protocolVersion|clientCapabilities|subscriptionId): required$/, 'envelope.ts checks them'],
  [/\.elicitationId: required$/, 'required in 2025-11-25 alone, given by the edge'],
  [/\.requestId: required$/, 'optional in 2025-11-25 alone'],
  [/\.completion\.values: bounds$/, 'at most 100 by prose in every revision, by schema only in 2026-07-28'],
  [
    /(ElicitResult| action,content\})\.content\.\*\|(integer: missing|number: not official)$/,
    'the official files say integer for any number',
  ],
  [/^2025-11-25 (tasks|notifications\/elicitation).*\._meta: not official$/, 'left out of inline params, allowed by the prose'],
  [/^2026-07-28 .*roots\/list.*\._meta\.\S+: not official$/, 'plain Meta where the request travels in a result'],
]

const used = new Set<RegExp>()
const listed = (table: typeof MEANT, text: string): boolean => {
  const row = table.find(([pattern]) => pattern.test(text))
  if (row !== undefined) used.add(row[0])
  return row !== undefined
}

function officialReading(revision: Revision): Reading {
  const { definitions, prefix } = officialSchema(revision)
  const resolve = (reference: string): JsonSchema => {
    const name = reference.slice(prefix.length)
    if (name === 'JSONObject') return { type: 'object' }
    return name === 'JSONValue' ? {} : (definitions[name] as JsonSchema)
  }
  return { resolve, knows: () => true, change: () => undefined }
}

/** Our schemas as a revision knows them. The last revision is the one our types are written in. */
function ourReading(revision: Revision): Reading {
  const changes = new Set(['schema', 'structured'])
  return {
    resolve: () => assert.unreachable('our schemas have no references') as never,
    knows: schema => spans(spanOf(schema), revision),
    change: schema => {
      const change = changeOf(schema)
      return change !== undefined && changes.has(change) && !atLeast(revision, '2026-07-28') ? change : undefined
    },
  }
}

const oursAt = (model: TSchema, revision: Revision): Shape => shapeOf(model, ourReading(revision))

/** The params of an official message, with what the base of all messages adds to them in the first three revisions. */
function officialParams(revision: Revision, definition: JsonSchema, name: string): Shape {
  const reading = officialReading(revision)
  const own = shapeOf(definition.properties?.['params'] ?? { type: 'object' }, reading)
  if (own.kind !== 'object') return own
  const base = officialSchema(revision).definitions[name.endsWith('Request') ? 'Request' : 'Notification']
  return merged([shapeOf(base?.properties?.['params'] ?? {}, reading), own])
}

/** Compares one official definition with ours; nothing when it is not part of the vocabulary. */
function compare(revision: Revision, name: string, definition: JsonSchema): string[] | undefined {
  const method = definition.properties?.['method']?.const
  if (typeof method === 'string' && /(Request|Notification)$/.test(name) && !listed(OUTSIDE, name)) {
    const row = rowOf(method)
    return row === undefined
      ? [`${revision} ${method}: missing`]
      : differences(officialParams(revision, definition, name), oursAt(row.params, revision), `${revision} ${method}`)
  }
  const alias = name === 'EnumSchema' && revision === '2025-06-18' ? 'LegacyTitledEnumSchema' : (ALIASES[name] ?? name)
  if (alias === name && listed(OUTSIDE, name)) return undefined
  const model = MODELS.get(alias)
  if (model === undefined) return [`${revision} ${name}: missing`]
  if (name === 'GetTaskPayloadResult') return []
  return differences(shapeOf(definition, officialReading(revision)), oursAt(model, revision), `${revision} ${name}`)
}

const CHANGED = new Set([
  'Tool.inputSchema: changed schema',
  'Tool.outputSchema: changed schema',
  'CallToolResult.structuredContent: changed structured',
  'ToolResultContent.structuredContent: changed structured',
])

for (const revision of REVISIONS) {
  oracle(`every official definition of ${revision} is ours, field by field, or is listed as no part of the vocabulary`, () => {
    const found = Object.entries(officialSchema(revision).definitions).flatMap(
      ([name, definition]) => compare(revision, name, definition) ?? [],
    )
    const changed = found.filter(each => each.includes(': changed '))
    assert.equal(
      found.filter(each => !changed.includes(each) && !listed(MEANT, each)),
      [],
    )
    const directly = changed.map(each => each.slice(revision.length + 1)).filter(each => /^\w+\.\w+:/.test(each))
    assert.equal(
      directly.filter(each => !CHANGED.has(each)),
      [],
    )
  })

  for (const [side, other] of [
    ['client', 'Client'],
    ['server', 'Server'],
  ] as const) {
    oracle(`${revision}: the ${side} sends exactly the official messages`, () => {
      const ours = (kind: string) =>
        methodsOf(revision, side)
          .filter(each => each.kind === kind)
          .map(each => each.name)
          .sort()
      assert.equal(ours('request'), [...officialMethods(revision, `${other}Request`)].sort())
      assert.equal(ours('notice'), [...officialMethods(revision, `${other}Notification`)].sort())
    })
  }
}

oracle('every exception listed here is needed', () => {
  const idle = [...OUTSIDE, ...MEANT].filter(([pattern]) => !used.has(pattern))
  assert.equal(
    idle.map(([pattern]) => String(pattern)),
    [],
  )
})

oracle('every schema of ours describes something official', () => {
  const names = new Set(REVISIONS.flatMap(revision => Object.keys(officialSchema(revision).definitions)))
  const reached = new Set([...names].map(name => ALIASES[name] ?? name))
  const methods = REVISIONS.flatMap(revision => Array.from(officialMessages(revision).keys()))
  const params = new Set(methods.flatMap(method => (rowOf(method) === undefined ? [] : [rowOf(method)?.params])))
  const ours = [...MODELS].filter(([name, model]) => !reached.has(name) && !params.has(model as never)).map(([name]) => name)
  assert.equal(ours, INLINE)
})

oracle.run()
