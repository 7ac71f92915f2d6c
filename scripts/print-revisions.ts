/**
 * Prints the reference page "What each revision speaks" from the table of methods and the spans of the vocabulary.
 *
 * `node -C @oarlock/source --import ./test/runner/register.ts scripts/print-revisions.ts` writes the page; with `--check` it only says
 * whether the page is current.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { asksOf, method, REVISIONS, type Revision, rowOf, type Span, spanOf, type TSchema, within } from '@oarlock/protocol'
import { changeOf } from '../packages/protocol/src/type.ts'
import { VOCABULARY } from '../packages/protocol/src/vocabulary.ts'
import { MODELS } from '../test/oracle/models.ts'

const PAGE = new URL('../docs/reference/revisions.md', import.meta.url)

interface Shape {
  readonly properties?: Readonly<Record<string, TSchema>>
  readonly anyOf?: readonly TSchema[]
  readonly items?: TSchema
  readonly additionalProperties?: TSchema
  readonly const?: unknown
  readonly type?: string
}

interface Field {
  readonly path: string
  readonly schema: TSchema
  /** Spans of the field and of what it stands in. */
  readonly spans: readonly Span[]
}

/** The page, as Markdown. */
export function page(): string {
  return `${[INTRODUCTION, messages('request'), messages('notice'), capabilities(), words(), changes()].join('\n\n')}\n`
}

const INTRODUCTION = `# What each revision speaks

Printed from the table of methods and the spans in \`@oarlock/protocol\`; the oracle tests hold both against the official schemas. Do not edit:
run \`node -C @oarlock/source --import ./test/runner/register.ts scripts/print-revisions.ts\`.

You write in the words of the newest revision. What a peer's revision does not know is left out, or said in the older way that the last
table names. Members that are not in the vocabulary pass as they are.`

const HEADS = REVISIONS.join(' | ')
const RULES = REVISIONS.map(() => ':-:').join('|')

function messages(kind: 'request' | 'notice'): string {
  const names = Object.keys(VOCABULARY).filter(name => (rowOf(name)?.result === undefined) === (kind === 'notice'))
  const rows = names.map(name => {
    const gate = rowOf(name)?.gate
    const needs = gate === undefined ? '' : `${gate.side}'s \`${gate.capability}\``
    return `| \`${name}\` | ${REVISIONS.map(revision => sender(name, revision)).join(' | ')} | ${needs} |`
  })
  const title = kind === 'request' ? 'Requests' : 'Notifications'
  const legend = kind === 'request' ? 'c: sent by the client. s: sent by the server. *asked*: inside a result of the server.\n\n' : ''
  return `## ${title}\n\n${legend}| | ${HEADS} | needs |\n|---|${RULES}|---|\n${rows.join('\n')}`
}

function sender(name: string, revision: Revision): string {
  const from = method(name, revision)?.from
  if (from !== undefined) return { client: 'c', server: 's', both: 'c, s' }[from]
  return (asksOf(revision) as readonly string[]).includes(name) ? '*asked*' : '–'
}

function capabilities(): string {
  const rows = (['client', 'server'] as const).flatMap(side =>
    fieldsOf(MODELS.get(side === 'client' ? 'ClientCapabilities' : 'ServerCapabilities') ?? {}, '').map(({ path, spans }) => {
      const marks = REVISIONS.map(revision => (spans.every(({ since, until }) => within(revision, since, until)) ? '✓' : '–'))
      return `| ${side} | \`${path}\` | ${marks.join(' | ')} |`
    }),
  )
  return `## Capabilities\n\n| | | ${HEADS} |\n|---|---|${RULES}|\n${rows.join('\n')}`
}

function words(): string {
  const places = new Map<string, string[]>()
  for (const [name, model] of MODELS) {
    if (name.endsWith('Capabilities')) continue
    for (const { path, schema } of fieldsOf(model, '')) {
      const { since = '', until = '' } = spanOf(schema)
      if (since !== '' || until !== '') append(places, `${since} | ${until} | ${wordAt(path)}`, placeAt(name, path))
    }
  }
  const rows = [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, names]) => `| ${key} | ${[...new Set(names)].join(', ')} |`)
  const text = 'Words that not every revision knows: from the first date on, before the second.'
  return `## Words\n\n${text}\n\n| since | until | word | in |\n|---|---|---|---|\n${rows.join('\n')}`
}

function changes(): string {
  const places = new Map<string, string[]>()
  for (const [name, model] of MODELS) {
    for (const { path, schema } of [{ path: '', schema: model }, ...fieldsOf(model, '')]) {
      const change = changeOf(schema)
      if (change !== undefined) append(places, change, [name, path].filter(Boolean).join('.'))
    }
  }
  const rows = [...places].map(([change, names]) => `| ${names.map(name => `\`${name}\``).join(', ')} | ${SAID[change]} |`)
  const text = 'Words that older revisions know with a narrower type, and what those revisions get.'
  return `## Words whose type grew\n\n${text}\n\n| word | in older revisions |\n|---|---|\n${rows.join('\n')}`
}

const SAID: Readonly<Record<string, string>> = {
  content:
    'a kind of block that is not known: audio as an embedded resource with the same bytes, anything else as a text that says what it was; several blocks where one fits: the text of all',
  messages: 'a message of several blocks as several messages of one',
  schema: 'before 2026-07-28 an object at the root, and objects under `properties`; a schema with another root is left out',
  structured: 'before 2026-07-28 an object; anything else is left out, and its text is in `content`',
  capability: '2025-06-18 knows forms only: a client that shows pages but no forms does not declare it',
  form: '2025-06-18: no defaults but of booleans, titled choices as `enum` with `enumNames`, a choice of several as a line of text that lists the options, whose answer is read back as a list',
  open: 'the same: the object around it is open in every revision, and extensions need it',
}

/** All fields of a schema at any depth that is written in place, and the branches of its unions. */
function fieldsOf(schema: TSchema, path: string, spans: readonly Span[] = []): Field[] {
  const { properties = {}, anyOf = [], items, additionalProperties }: Shape = schema
  const fields: Field[] = anyOf.map(branch => ({
    path: `${path} ${labelOf(branch)}`.trim(),
    schema: branch,
    spans: [...spans, spanOf(branch)],
  }))
  for (const [name, field] of Object.entries(properties)) {
    const inner: Field = { path: path === '' ? name : `${path}.${name}`, schema: field, spans: [...spans, spanOf(field)] }
    fields.push(inner)
    if (!isNamed(field)) fields.push(...fieldsOf(field, inner.path, inner.spans))
  }
  for (const inner of [items, additionalProperties]) {
    if (inner !== undefined && !isNamed(inner)) fields.push(...fieldsOf(inner, path, spans))
  }
  return fields
}

const NAMED = new Set<unknown>([...MODELS.values()].flatMap((model: Shape) => [model.properties ?? model, model.anyOf ?? model]))

/** Whether a schema is that of another model, which has rows of its own. */
function isNamed({ properties, anyOf, items }: Shape): boolean {
  return NAMED.has(properties) || NAMED.has(anyOf) || (items !== undefined && isNamed(items))
}

function labelOf({ properties, type }: Shape): string {
  const tag = ((properties?.['type'] ?? properties?.['mode'] ?? {}) as Shape).const
  if (tag !== 'string' && tag !== 'array') return typeof tag === 'string' ? `(${tag})` : type === 'array' ? '(several)' : '(other)'
  return `(${[...MODELS].find(([, model]) => (model as Shape).properties === properties)?.[0]})`
}

/** The last step of a path, or the kind of block, field or mode that a branch stands for. */
function wordAt(path: string): string {
  if (path.startsWith('io.')) return `\`${path}\``
  const [, label] = /\((\w+)\)$/.exec(path) ?? []
  return label === undefined ? `\`${path.split('.').at(-1)}\`` : `*${label}*`
}

function placeAt(name: string, path: string): string {
  const above = path.includes('(') ? path.replace(/ ?\(\w+\)$/, '') : path.split('.').slice(0, -1).join('.')
  return above === '' || path.startsWith('io.') ? name : `${name}.${above}`
}

function append(map: Map<string, string[]>, key: string, value: string): void {
  map.set(key, [...(map.get(key) ?? []), value])
}

if (import.meta.main) {
  const text = page()
  if (!process.argv.includes('--check')) writeFileSync(PAGE, text)
  else if (readFileSync(PAGE, 'utf8') !== text) {
    process.stderr.write('docs/reference/revisions.md is not current: run scripts/print-revisions.ts\n')
    process.exitCode = 1
  }
}
