import { Type } from 'typebox'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Context } from '@oarlock/kernel'
import { fakeClock } from '@oarlock/protocol'
import { by, messagesOf, quiet, reports } from '../stage.ts'
import { settled, Wire, type Json } from '../wire.ts'

const test = suite('completion')

function stage() {
  const server = quiet()
  const args = Type.Object({
    colour: { type: 'string', enum: ['red', 'green', 'dark green', 'blue'] } as never,
    size: Type.Union([Type.Literal('S'), Type.Literal('M'), Type.Literal(5)]),
    only: Type.Literal('one'),
    sure: Type.Boolean(),
    free: Type.String(),
    city: Type.String(),
  })
  server.prompt(
    'p',
    {
      description: 'd',
      args,
      complete: {
        city: (value, { arguments: others, ctx }) => [`${value}:${JSON.stringify(others)}:${ctx.peer.revision}`],
      },
    },
    () => '',
  )
  server.template(
    't',
    { uri: 'rows://{table}/{id}', description: 'd', complete: { id: async value => ({ values: [`${value}1`, `${value}2`], total: 9 }) } },
    () => '',
  )
  server.resource('r', { uri: 'x://r', description: 'd' }, () => '')
  return { server, wire: new Wire(server) }
}

const PROMPT = { type: 'ref/prompt', name: 'p' }
const TEMPLATE = { type: 'ref/resource', uri: 'rows://{table}/{id}' }
const ask = async (wire: Wire, ref: unknown, name: unknown, value: unknown = '', context?: unknown) => {
  const { result, error } = await wire.modern('completion/complete', {
    ref,
    argument: { name, value },
    ...(context === undefined ? {} : { context }),
  })
  return error === undefined ? (result['completion'] as Json) : error.code
}
const values = async (...args: Parameters<typeof ask>) => ((await ask(...args)) as Json)['values']

test('enums, literals and booleans complete themselves, what begins so before what holds it', async () => {
  const { wire } = stage()
  assert.equal(await values(wire, PROMPT, 'colour'), ['red', 'green', 'dark green', 'blue'])
  assert.equal(await values(wire, PROMPT, 'colour', 'GRE'), ['green', 'dark green'])
  assert.equal(await values(wire, PROMPT, 'colour', 'x'), [])
  assert.equal(await values(wire, PROMPT, 'size'), ['S', 'M', '5'])
  assert.equal(await values(wire, PROMPT, 'only', 'o'), ['one'])
  assert.equal(await values(wire, PROMPT, 'sure', 't'), ['true'])
})

test('S-CMP-03: an argument without a completer has no suggestions; one that does not exist is invalid', async () => {
  const { wire } = stage()
  assert.equal(await ask(wire, PROMPT, 'free', 'a'), { values: [], total: 0, hasMore: false })
  for (const [ref, name] of [
    [PROMPT, 'nothing'],
    [PROMPT, '__proto__'],
    [TEMPLATE, 'nothing'],
    [{ type: 'ref/prompt', name: 'other' }, 'a'],
    [{ type: 'ref/resource', uri: 'other://{x}' }, 'x'],
  ] as const) {
    assert.is(await ask(wire, ref, name), -32602)
  }
})

test('S-CMP-04: a completer gets what was typed, the other arguments, and the caller', async () => {
  const { wire } = stage()
  assert.equal(await values(wire, PROMPT, 'city', 'Par', { arguments: { country: 'FR', odd: 5 } }), ['Par:{"country":"FR"}:2026-07-28'])
  assert.equal(await values(wire, PROMPT, 'city', 'Par'), ['Par:{}:2026-07-28'])
  assert.equal(await values(wire, PROMPT, 'city', 'Par', { arguments: [] }), ['Par:{}:2026-07-28'])
})

test('S-CMP-07: a template is named by its text or by any URI of it; a plain resource has nothing to complete', async () => {
  const { wire } = stage()
  const expected = { values: ['a1', 'a2'], total: 9, hasMore: true }
  assert.equal(await ask(wire, TEMPLATE, 'id', 'a'), expected)
  assert.equal(await ask(wire, { type: 'ref/resource', uri: 'rows://users/5' }, 'id', 'a'), expected)
  assert.equal(await values(wire, TEMPLATE, 'table', ''), [])
  assert.equal(await values(wire, { type: 'ref/resource', uri: 'x://r' }, 'id', 'a'), [])
})

test('S-CMP-02: at most a hundred values are sent, and it is said that there are more', async () => {
  const server = quiet()
  const all = Array.from({ length: 250 }, (_, index) => String(index))
  const complete = { a: () => all, b: () => ({ values: all }), c: () => ({ values: ['x'], total: 0, hasMore: false }) }
  server.prompt('p', { description: 'd', args: Type.Object({ a: Type.String(), b: Type.String(), c: Type.String() }), complete }, () => '')
  const wire = new Wire(server)
  const [a, b, c] = [await ask(wire, PROMPT, 'a'), await ask(wire, PROMPT, 'b'), await ask(wire, PROMPT, 'c')] as [Json, Json, Json]
  assert.equal([(a['values'] as string[]).length, a['total'], a['hasMore']], [100, 250, true])
  assert.equal([(b['values'] as string[]).length, b['total'], b['hasMore']], [100, undefined, true])
  assert.equal(c, { values: ['x'], total: 1, hasMore: false })
})

test('S-MSG-12: a malformed request is invalid', async () => {
  const { wire } = stage()
  for (const [ref, name, value] of [
    [undefined, 'a', ''],
    ['p', 'a', ''],
    [{ type: 'ref/tool', name: 't' }, 'a', ''],
    [{ type: 'ref/prompt' }, 'a', ''],
    [PROMPT, 5, ''],
    [PROMPT, 'free', 5],
  ] as const) {
    assert.is(await ask(wire, ref, name, value), -32602)
  }
  assert.is((await wire.modern('completion/complete', { ref: PROMPT })).error?.code, -32602)
})

test('row 16: what a completer throws is masked', async () => {
  const server = quiet()
  const seen = reports(server)
  const complete = {
    a: () => {
      throw new Error('hunter2')
    },
    b: () => Promise.reject(new Error('hunter3')),
  }
  server.prompt('p', { description: 'd', args: Type.Object({ a: Type.String(), b: Type.String() }), complete }, () => '')
  const wire = new Wire(server)
  assert.equal([await ask(wire, PROMPT, 'a'), await ask(wire, PROMPT, 'b')], [-32603, -32603])
  assert.equal(messagesOf(seen), ['hunter2', 'hunter3'])
  assert.not.match(JSON.stringify(wire.received), 'hunter')
})

test('completion is there in the first revision too, which has no capability for it', async () => {
  const { server } = stage()
  const wire = new Wire(server)
  await wire.initialize('2024-11-05')
  const { result } = await wire.request('completion/complete', { ref: PROMPT, argument: { name: 'only', value: '' } })
  assert.equal((result['completion'] as Json)['values'], ['one'])
})

test('a completer cannot ask in a stateless revision, and says so', async () => {
  const server = quiet()
  const complete = {
    a: async (_value: string, { ctx }: { ctx: { roots(): Promise<readonly { uri: string }[]> } }) =>
      (await ctx.roots()).map(({ uri }) => uri),
  }
  server.prompt('p', { description: 'd', args: Type.Object({ a: Type.String() }), complete: complete }, () => '')
  const reply = await new Wire(server).modern(
    'completion/complete',
    { ref: PROMPT, argument: { name: 'a', value: '' } },
    { capabilities: { roots: {} } },
  )
  assert.is(reply.error?.message, 'completion/complete cannot ask the client')
})

test('whoever may not have a prompt is suggested nothing for it, and guards see what is typed', async () => {
  const server = quiet()
  const seen: unknown[] = []
  const allow = (args: unknown, { principal }: Context) => {
    seen.push(args)
    return principal !== undefined || 'only for staff'
  }
  const complete = { customer: () => ['ACME', 'Initech'] }
  const args = Type.Object({ customer: Type.String(), sure: Type.Boolean() })
  server.prompt('staff', { description: 'd', args, complete, guard: { allow } }, () => '')
  const ref = { type: 'ref/prompt', name: 'staff' }
  const [nobody, ada] = [new Wire(server), new Wire(server, { head: by('ada') })]
  assert.equal(await values(nobody, ref, 'customer', 'A', { arguments: { sure: 'true' } }), [])
  assert.equal(await values(nobody, ref, 'sure'), [])
  assert.equal(await values(ada, ref, 'customer'), ['ACME', 'Initech'])
  assert.equal(await values(ada, ref, 'sure'), ['true', 'false'])
  assert.equal(seen[0], { sure: 'true', customer: 'A' })
})

test('the time limit of a component holds for its completers', async () => {
  const clock = fakeClock()
  const server = quiet({ clock })
  const args = Type.Object({ city: Type.String() })
  server.prompt('p', { description: 'd', args, timeout: 100, complete: { city: () => new Promise<never>(() => {}) } }, () => '')
  const asked = ask(new Wire(server), { type: 'ref/prompt', name: 'p' }, 'city')
  await settled()
  clock.advance(100)
  assert.is(await asked, -32603)
})

test.run()
