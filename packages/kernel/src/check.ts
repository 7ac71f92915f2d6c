/** `server.check()`: everything wrong or unwise about what a server offers, all at once. */

import { headerParams, nearest } from '@oarlock/protocol'
import type { Entry } from './catalog/entry.ts'
import type { Finding } from './catalog/provider.ts'
import type { Snapshot } from './catalog/snapshot.ts'
import { argumentNamesOf } from './operations/completion.ts'
import { inspectSchema } from './schema/inspect.ts'
import type { CompiledSchema } from './schema/schema.ts'

/** One finding. */
export interface Problem extends Finding {
  /** Which component (`Calculator.add`), or which provider, and the place that it names: `prompts: review.md:3:1`. */
  readonly where: string
}

/** Clients put a prefix of their own before tool names, and the models behind them cap the whole at 64 (FACE, Portability). */
const SAFE_NAME = 40

/** What is asked about the server beside its catalog. */
export interface Deployment {
  /** Whether other processes serve the same endpoint, as a bus says they do. */
  readonly several: boolean
  /** Whether they can open what this one seals. */
  readonly sharedSeal: boolean
}

/** Finds everything that can be seen in the catalog. Nothing is called, nothing is changed. */
export function check(snapshot: Snapshot, { several, sharedSeal }: Deployment): readonly Problem[] {
  const shelves = [snapshot.tools, snapshot.resources, snapshot.templates, snapshot.prompts]
  const entries: readonly Entry[] = shelves.flatMap(shelf => [...shelf.byKey.values()].flat())
  const problems: Problem[] = entries.flatMap(entry =>
    [...general(entry), ...specific(entry)].map(problem => ({ where: entry.component.origin, ...problem })),
  )
  if (several && !sharedSeal) {
    const message =
      'a bus joins several processes, but requestState is sealed with a key of this one alone: give them the same state.secrets'
    problems.push({ severity: 'error', where: 'server', message })
  }
  return problems
}

/** What the catalog shows, then what providers say of themselves. A prompt that its provider says to lack a description, and where, is not told of twice. */
export function joined(ofCatalog: readonly Problem[], ofProviders: readonly Problem[]): readonly Problem[] {
  const undescribed = new Set(ofProviders.flatMap(({ code, prompt }) => (code === UNDESCRIBED && prompt !== undefined ? [prompt] : [])))
  const isTold = ({ code, prompt }: Problem): boolean => code === UNDESCRIBED && prompt !== undefined && undescribed.has(prompt)
  return [...ofCatalog.filter(problem => !isTold(problem)), ...ofProviders]
}

const UNDESCRIBED = 'no-description'

const warning = (message: string): Finding => ({ severity: 'warning', message })

function* general({ component }: Entry): Iterable<Finding> {
  if (component.description === undefined) {
    const { kind, name, version } = component
    const prompt = kind !== 'prompt' ? {} : { prompt: version === undefined ? name : `${name}@${version}` }
    yield { ...warning('has no description: models choose by it'), code: UNDESCRIBED, ...prompt }
  }
  if (INVISIBLE.test(`${component.name}${component.title ?? ''}${component.description ?? ''}`)) {
    yield { severity: 'error', message: 'has invisible characters in its name, title or description: clients treat them as an attack' }
  }
}

/** Unicode tags, zero-width and bidirectional controls (THREATS 22). */
const INVISIBLE = /[\u{E0000}-\u{E007F}\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]/u

function* specific(entry: Entry): Iterable<Finding> {
  switch (entry.kind) {
    case 'tool': {
      const { name } = entry.component
      if (name.includes('.')) yield warning(`the name '${name}' has a dot, which some clients refuse`)
      if (name.length > SAFE_NAME)
        yield warning(`the name '${name}' is longer than ${SAFE_NAME} characters; with a client's prefix it may be cut`)
      yield* ofSchema('input', entry.input)
      yield* ofSchema('output', entry.output)
      for (const message of headerParams(entry.input.json).warnings) yield warning(message)
      return
    }
    case 'template':
      for (const message of entry.template.warnings) yield warning(message)
      yield* ofSchema('params', entry.params)
      yield* ofCompleters(entry)
      return
    case 'prompt':
      yield* ofSchema('args', entry.args)
      yield* ofCompleters(entry)
      return
    case 'resource':
  }
}

function* ofSchema(role: Parameters<typeof inspectSchema>[1], schema: CompiledSchema | undefined): Iterable<Finding> {
  if (schema === undefined) return
  for (const { severity, path, message } of inspectSchema(schema.json, role))
    yield { severity, message: `${role} schema ${path}: ${message}` }
}

function* ofCompleters(entry: Entry & { readonly kind: 'template' | 'prompt' }): Iterable<Finding> {
  const known = argumentNamesOf(entry)
  for (const name of entry.component.complete?.keys() ?? []) {
    if (!known.includes(name)) yield { severity: 'error', message: `completes '${name}', which is no argument.${nearest(name, known)}` }
  }
}
