import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { fakeClock } from '@oarlock/protocol'
import { definePrompt, defineTool, InvalidComponent, type Component, type ToolComponent } from '@oarlock/kernel'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Catalog } from '../../src/catalog/catalog.ts'
import type { Entry } from '../../src/catalog/entry.ts'
import { messagesOf, quiet, reports } from '../stage.ts'
import { settled, Wire } from '../wire.ts'

const test = suite('catalog')
const tool = (name: string, version?: string): ToolComponent =>
  defineTool(name, { description: name, ...(version === undefined ? {} : { version }) }, () => name, { origin: `${name}()` })
const provider = (...components: readonly Component[]) => ({ name: 'provider', components: () => components })

function stage() {
  const compiled: string[] = []
  const changes: string[][] = []
  const catalog = new Catalog(
    (component, key, seq) => {
      compiled.push(key)
      if (key === 'bad') throw new InvalidComponent(component.origin, ['is bad'])
      return { kind: component.kind, component, key, seq, rules: {}, listed: {} } as unknown as Entry
    },
    kinds => changes.push([...kinds]),
  )
  const listed = () => catalog.snapshot.tools.listed.map(({ key, seq }) => `${key} ${seq}`)
  return { catalog, compiled, changes, listed }
}

test('a component is compiled when it is offered, and not again when others change', () => {
  const { catalog, compiled, listed } = stage()
  catalog.put(provider(tool('a'), tool('b')))
  assert.equal(compiled, ['a', 'b'])
  assert.equal(listed(), ['a 1', 'b 2'])
  catalog.put(provider(tool('c')))
  assert.equal(listed(), ['a 1', 'b 2', 'c 3'])
  assert.equal(compiled, ['a', 'b', 'c'])
})

test('the snapshot is the same object until something changes', () => {
  const { catalog } = stage()
  const one = provider(tool('a'))
  catalog.put(one)
  const before = catalog.snapshot
  catalog.put(one)
  assert.is(catalog.snapshot, before)
  catalog.put(provider(tool('b')))
  assert.is.not(catalog.snapshot, before)
  assert.is(before.tools.listed.length, 1, 'what requests under way read stays as it was')
})

test('a component that replaces another keeps its place, and so does another version of it', () => {
  const { catalog, listed } = stage()
  const first = provider(tool('a'))
  catalog.put(first)
  catalog.put(provider(tool('b')))
  assert.equal(listed(), ['a 1', 'b 2'])
  const second = provider(tool('a'))
  catalog.put(second, first)
  assert.equal(listed(), ['a 1', 'b 2'])
  catalog.put(provider(tool('a', '2.0.0')))
  assert.equal(listed(), ['a 1', 'b 2'])
  catalog.drop(second)
  assert.equal(listed(), ['a 1', 'b 2'])
})

test('what left and came back goes to the end, and its old place is nobody else’s', () => {
  const { catalog, listed } = stage()
  const first = provider(tool('a'))
  catalog.put(first)
  catalog.put(provider(tool('b')))
  catalog.drop(first)
  assert.equal(listed(), ['b 2'])
  catalog.put(provider(tool('c')))
  catalog.put(first)
  assert.equal(listed(), ['b 2', 'c 3', 'a 4'])
})

test('a change tells the kinds it concerns, and no change tells nothing', () => {
  const { catalog, changes } = stage()
  const one = provider(tool('a'))
  catalog.put(one)
  catalog.put(one)
  const two = provider(tool('b'))
  catalog.put(two, one)
  catalog.drop(two)
  catalog.drop(two)
  assert.equal(changes, [['tools'], ['tools'], ['tools']])
})

test('two components of one name and version are refused, and both are named', () => {
  const { catalog, listed } = stage()
  catalog.put(provider(tool('a'), tool('a', '2')))
  for (const offered of [provider(tool('b'), tool('a')), provider(tool('c'), tool('c'))]) {
    assert.throws(() => catalog.put(offered), /tool '[ac]' is offered twice: by [ac]\(\) and by [ac]\(\)\. Rename one/)
  }
  assert.throws(() => catalog.put(provider(tool('a', '2'))), /tool 'a' version 2 is offered twice/)
  assert.equal(listed(), ['a 1'])
})

test('everything at fault in an offer is named at once, and nothing of it is served', () => {
  const { catalog, compiled, listed, changes } = stage()
  catalog.put(provider(tool('a')))
  assert.equal(listed(), ['a 1'])
  const fine = tool('fine')
  const offered = { name: 'Calculator', components: () => [tool('bad'), fine, tool('a')] }
  assert.throws(
    () => catalog.put(offered),
    (error: InvalidComponent) => error.origin === 'Calculator' && error.problems.length === 2 && error.problems[0] === 'bad(): is bad',
  )
  assert.equal([listed(), changes.length, catalog.has(offered)], [['a 1'], 1, false])
  catalog.put(provider(fine))
  assert.equal(compiled, ['a', 'bad', 'fine', 'fine'], 'nor kept')
})

test('many tools are offered one by one in reasonable time', () => {
  const { catalog } = stage()
  const start = performance.now()
  for (let index = 0; index < 5_000; index += 1) catalog.put(provider(tool(`t${index}`)))
  assert.is(catalog.snapshot.tools.listed.length, 5_000)
  assert.ok(performance.now() - start < 2_000, `${performance.now() - start} ms`)
})

test('a change leaves what the other kinds show as it is', () => {
  const { catalog } = stage()
  catalog.put(provider(tool('a')))
  const prompt = (description: string) => provider(definePrompt('p', { description }, () => ''))
  const first = prompt('one')
  catalog.put(first)
  const before = catalog.snapshot
  catalog.put(prompt('two'), first)
  const { tools, resources, templates, prompts } = catalog.snapshot
  assert.is(tools, before.tools)
  assert.is(resources, before.resources)
  assert.is(templates, before.templates)
  assert.is.not(prompts, before.prompts)
})

test('another copy of a component that stays is refused, and named', () => {
  const { catalog, compiled, listed } = stage()
  const [a, b] = [tool('a'), tool('b')]
  let components: readonly Component[] = [a, b]
  const source = { components: () => components }
  catalog.put(source)
  for (components of [
    [a, b, a],
    [a, a, b],
    [b, a, tool('b')],
    [tool('c'), tool('a'), a, b],
  ]) {
    assert.throws(() => catalog.put(source), /tool '[ab]' is offered twice/)
  }
  components = [a, tool('c'), tool('c'), a]
  assert.throws(
    () => catalog.put(source),
    (error: InvalidComponent) => error.problems.length === 2,
  )
  assert.equal(
    [listed(), catalog.componentsOf(source)],
    [
      ['a 1', 'b 2'],
      [a, b],
    ],
  )
  components = [b, tool('c'), a]
  catalog.put(source)
  assert.equal([listed(), compiled.at(-1)], [['a 1', 'b 2', 'c 3'], 'c'], 'refusals take no places')
})

test('of versions that are equally high the same answers, whichever came first', () => {
  for (const versions of [
    ['1+a', '1+b'],
    ['1+b', '1+a'],
  ]) {
    const { catalog } = stage()
    for (const version of versions) catalog.put(provider(tool('t', version)))
    assert.is(catalog.snapshot.tools.listed[0]?.component.version, '1+b')
  }
})

test('layers that changed compile everything once more, when somebody looks', () => {
  const { catalog, compiled, listed } = stage()
  const gone = provider(tool('gone'))
  for (const each of [provider(tool('a'), tool('b')), gone]) catalog.put(each)
  const before = catalog.snapshot
  catalog.recompile()
  catalog.recompile()
  catalog.drop(gone)
  catalog.put(provider(tool('c')))
  assert.equal(listed(), ['a 1', 'b 2', 'c 4'])
  assert.equal(compiled, ['a', 'b', 'gone', 'c', 'a', 'b'])
  assert.is.not(catalog.snapshot.tools.listed[0], before.tools.listed[0])
})

for (const looks of [true, false]) {
  test(`memory does not grow with the number of changes, ${looks ? 'seen' : 'or when nobody looks'}`, () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const { catalog, compiled, changes } = stage()
    const parts = [tool('stays')]
    const source = { components: () => parts }
    const change = (from: number, to: number): number => {
      for (let index = from; index < to; index += 1) {
        parts[1] = tool(`t${index}`)
        parts[2] = tool('same', String(index))
        catalog.put(source)
        if (looks && index % 3 === 0) assert.is(catalog.snapshot.tools.listed.length, 3)
        compiled.length = 0
        changes.length = 0
      }
      collect()
      return process.memoryUsage().heapUsed
    }
    const before = change(0, 2_000)
    const grown = change(2_000, 32_000) - before
    assert.ok(grown < 100_000, `${grown} bytes`)
  })
}

test('S-SUB-17: fifty registrations in one turn are one change for clients', async () => {
  const clock = fakeClock()
  const server = quiet({ clock, features: { tools: true } })
  const wire = new Wire(server)
  await wire.initialize('2025-06-18')
  for (let index = 0; index < 50; index += 1) server.tool(`t${index}`, { description: 'd' }, () => '')
  clock.advance(50)
  assert.equal(wire.methods, ['notifications/tools/list_changed'])
})

test('a provider that changes is read again, once for all changes of a turn', async () => {
  const server = quiet()
  const seen = reports(server)
  let components: readonly Component[] = [tool('a')]
  let reads = 0
  let changed = (): void => {}
  server.offer({
    name: 'files',
    components: () => ((reads += 1), components),
    attach: host => void (changed = () => host.changed()),
  })
  const names = () => server.components.map(({ name }) => name)
  assert.is(reads, 1)
  components = [tool('b'), tool('c')]
  changed()
  changed()
  assert.equal(names(), ['a'])
  await settled()
  assert.equal([names(), reads], [['b', 'c'], 2])
  components = [tool('d'), tool('no such name!')]
  changed()
  await settled()
  assert.equal(names(), ['b', 'c'], 'what cannot be served does not replace what can')
  assert.match(messagesOf(seen).join(), 'no such name!')
  assert.is(seen[0]?.where, 'files')
})

test.run()
