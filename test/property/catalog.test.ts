/** However a catalog came to offer what it offers, it is the catalog that was filled with it from scratch. */
import * as assert from 'node:assert/strict'
import { definePrompt, defineResource, defineTemplate, defineTool, InvalidComponent, type Component, type Provider } from '@oarlock/kernel'
import { compileTemplate } from '@oarlock/protocol'
import * as fc from 'fast-check'
import { suite } from 'uvu'
import { Catalog, keyOf } from '../../packages/kernel/src/catalog/catalog.ts'
import type { Entry } from '../../packages/kernel/src/catalog/entry.ts'
import type { Shelf } from '../../packages/kernel/src/catalog/shelf.ts'
import type { Snapshot } from '../../packages/kernel/src/catalog/snapshot.ts'
import { holds } from './holds.ts'

const test = suite('catalog')

const run = (): string => ''
const defined = [
  (key: string, options: object) => defineTool(key, options, run),
  (key: string, options: object) => definePrompt(key, options, run),
  (key: string, options: object) => defineResource(key, { ...options, uri: `note://${key}` }, run),
  (key: string, options: { readonly deprecated?: boolean }) =>
    defineTemplate(key, { ...options, ...(options.deprecated === true ? { list: () => [] } : {}), uri: `note://{x}/${key}` }, run),
]
/** Of each identity a plain component, one with a rule about who sees it, and one that is deprecated and, if it is a template, lists. */
const twins = [{}, { guard: { visible: () => true } }, { deprecated: true }]
const pool: readonly Component[] = [
  ...defined.flatMap(define =>
    ['a', 'bb', 'ccc'].flatMap(key =>
      [undefined, '1.10', '1.9', '2+a', '2+b'].flatMap(version =>
        twins.map(twin => define(key, { ...twin, ...(version === undefined ? {} : { version }) })),
      ),
    ),
  ),
  defineTool('bad', {}, run),
]

/** A change, as numbers: places are counted around what there is. */
interface Step {
  readonly what: 'offer' | 'read' | 'replace' | 'merge' | 'edit' | 'renew' | 'repeat' | 'rotate' | 'drop' | 'recompile'
  readonly at: number
  readonly place: number
  readonly parts: readonly number[]
  /** Whether what was there before stays, besides. */
  readonly keep: boolean
  readonly look: boolean
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    what: fc.constantFrom('offer', 'read', 'replace', 'merge', 'edit', 'edit', 'renew', 'renew', 'repeat', 'rotate', 'drop', 'recompile'),
    at: fc.nat(10),
    place: fc.nat(10),
    parts: fc.array(fc.nat(pool.length - 1), { maxLength: 5 }),
    keep: fc.boolean(),
    look: fc.boolean(),
  }),
  { maxLength: 30, size: 'max' },
)

class Source implements Provider {
  parts: readonly Component[] = []
  components(): readonly Component[] {
    return this.parts
  }
}

const place = (component: Component): string => `${component.kind} ${keyOf(component)}`
const identity = (component: Component): string => `${place(component)} ${component.version}`
const KINDS: Readonly<Record<Component['kind'], string>> = {
  tool: 'tools',
  prompt: 'prompts',
  resource: 'resources',
  template: 'resources',
}

/** A catalog whose entries are no more than what their components say. */
function filled(providers: Iterable<Provider>, told: string[] = [], compiled: Component[] = []): Catalog {
  const compile = (component: Component, key: string, seq: number): Entry => {
    compiled.push(component)
    if (key === 'bad') throw new InvalidComponent('bad', ['is bad'])
    const rules = component.guards.length > 0 ? { visible: () => true } : {}
    const template = component.kind === 'template' ? compileTemplate(key) : undefined
    return { kind: component.kind, component, key, seq, rules, template } as unknown as Entry
  }
  const catalog = new Catalog(compile, kinds => told.push(...kinds))
  for (const provider of providers) catalog.put(provider)
  return catalog
}

/** All that can be told of a snapshot, but for the numbers of the places. */
function telling({ tools, prompts, resources, templates }: Snapshot): object {
  const shelf = ({ byKey, listed, guarded }: Shelf<Entry>): object => {
    for (const versions of byKey.values()) assert.equal(new Set(versions.map(({ seq }) => seq)).size, 1, 'versions share a place')
    assert.deepEqual(
      listed.map(({ seq }) => seq),
      [...new Set(listed.map(({ seq }) => seq))].toSorted((a, b) => a - b),
      'places are in order',
    )
    return { byKey: Array.from(byKey, ([key, versions]) => [key, ...versions.map(numberOf)]), listed: listed.map(numberOf), guarded }
  }
  const { matching, listing } = templates
  return { shelves: [tools, prompts, resources, templates].map(shelf), matching: matching.map(numberOf), listing }
}

const numberOf = ({ component }: Entry): number => pool.indexOf(component)

/** One of them replaced by another component of its key. */
function renewed(parts: readonly Component[], { at, place: index, parts: [choice = 0] }: Step): readonly Component[] {
  const old = parts[index % parts.length]
  if (old === undefined) return parts
  const alike = pool.filter(each => place(each) === place(old))
  return parts.with(index % parts.length, alike[(at + choice) % alike.length] as Component)
}

/** A catalog that is changed, and all that is known of it without looking into it. */
class Changing {
  readonly told: string[] = []
  readonly compiled: Component[] = []
  readonly catalog = filled([], this.told, this.compiled)
  readonly offered = new Set<Source>()
  /** Keys in the order in which they came; one that is gone has its place until somebody looks. */
  places: string[] = []
  /** Those that somebody saw. */
  seen: ReadonlySet<string> = new Set()
  /** Kinds that changed since somebody looked. */
  readonly changed = new Set<string>()
  last: { readonly snapshot: Snapshot; readonly telling: object } | undefined

  take(step: Step): void {
    const sources = [...this.offered]
    const source = sources[step.at % sources.length]
    const parts = step.parts.map(part => pool[part] as Component)
    if (step.what === 'offer' && sources.length < 4) this.#put(new Source(), parts)
    else if (source === undefined) return
    else if (step.what === 'read') this.#put(source, parts)
    else if (step.what === 'replace') this.#put(new Source(), step.keep ? [...source.parts, ...parts] : parts, source)
    else if (step.what === 'merge')
      this.#put(sources[step.place % sources.length] as Source, step.keep ? [...source.parts, ...parts] : parts, source)
    else if (step.what === 'edit') this.#put(source, source.parts.toSpliced(step.place, step.keep ? 0 : 1, ...parts.slice(0, 1)))
    else if (step.what === 'renew') this.#put(source, renewed(source.parts, step))
    else if (step.what === 'repeat') this.#put(source, source.parts.toSpliced(step.place, 0, ...source.parts.slice(step.at, step.at + 1)))
    else if (step.what === 'rotate') this.#put(source, [...source.parts.slice(step.place), ...source.parts.slice(0, step.place)])
    else if (step.what === 'drop') this.#drop(source)
    else if (step.what === 'recompile') this.#recompile()
  }

  #put(source: Source, parts: readonly Component[], instead?: Source): void {
    const before = source.parts
    const old = [...before, ...(instead?.parts ?? [])]
    source.parts = parts
    this.told.length = 0
    this.compiled.length = 0
    const others = [...this.offered].filter(each => each !== source && each !== instead).flatMap(each => each.parts)
    const all = [...others, ...parts]
    if (new Set(all.map(identity)).size < all.length || parts.some(part => keyOf(part) === 'bad')) {
      assert.throws(() => this.catalog.put(source, instead), InvalidComponent)
      source.parts = before
      assert.deepEqual(this.told, [])
      return
    }
    this.catalog.put(source, instead)
    if (instead !== undefined && instead !== source) this.offered.delete(instead)
    this.offered.add(source)
    assert.deepEqual(
      this.compiled,
      parts.filter(part => !old.includes(part)),
      'what comes is compiled, and nothing else',
    )
    this.#settled(old, parts)
  }

  #drop(source: Source): void {
    this.told.length = 0
    this.catalog.drop(source)
    this.offered.delete(source)
    this.#settled(source.parts, [])
  }

  #recompile(): void {
    this.catalog.recompile()
    this.changed.add('layers')
    for (const part of this.catalog.components) this.changed.add(part.kind)
  }

  #settled(before: readonly Component[], after: readonly Component[]): void {
    const differing = [...before.filter(part => !after.includes(part)), ...after.filter(part => !before.includes(part))]
    assert.deepEqual(new Set(this.told), new Set(differing.map(({ kind }) => KINDS[kind])))
    assert.equal(new Set(this.told).size, this.told.length)
    for (const { kind } of differing) this.changed.add(kind)
    for (const part of after) if (!this.places.includes(place(part))) this.places.push(place(part))
    // What nobody ever saw has no place to come back to.
    this.places = this.places.filter(each => this.#offers(each) || this.seen.has(each))
  }

  #offers(each: string): boolean {
    return this.catalog.components.some(part => place(part) === each)
  }

  /** Whom everything belongs to, as if all had been offered today. */
  checkOwners(): void {
    const fresh = filled(this.offered)
    assert.deepEqual(this.catalog.components, fresh.components)
    for (const source of [...this.offered, new Source()]) {
      assert.deepEqual(this.catalog.componentsOf(source), fresh.componentsOf(source))
      for (const part of pool) assert.equal(this.catalog.rival(part, source), fresh.rival(part, source))
    }
  }

  /** What is shown, as if all had been offered today in the order of the places. */
  look(): void {
    const { last } = this
    if (last !== undefined) assert.deepEqual(telling(last.snapshot), last.telling, 'what requests under way read stays as it was')
    const { snapshot } = this.catalog
    this.places = this.places.filter(each => this.#offers(each))
    this.seen = new Set(this.places)
    const ordered = this.catalog.components.toSorted((a, b) => this.places.indexOf(place(a)) - this.places.indexOf(place(b)))
    const expected = telling(filled([{ components: () => ordered }]).snapshot)
    assert.deepEqual(telling(snapshot), expected)
    if (last !== undefined) this.#checkShared(snapshot, last.snapshot)
    this.changed.clear()
    this.last = { snapshot, telling: expected }
  }

  #checkShared(now: Snapshot, before: Snapshot): void {
    if (this.changed.size === 0) assert.equal(now, before)
    for (const kind of ['tool', 'prompt', 'resource', 'template'] as const) {
      if (!this.changed.has(kind)) assert.equal(now[`${kind}s`], before[`${kind}s`], 'the shelf of a kind without changes stays')
    }
  }
}

test('after any offers, changes, replacements and withdrawals a catalog is as if it were filled from scratch', () =>
  holds(steps, taken => {
    const changing = new Changing()
    for (const step of taken) {
      changing.take(step)
      changing.checkOwners()
      if (step.look) changing.look()
    }
    changing.look()
  }))

test.run()
