/** The kit on a whole server, over every transport, and what it says when something is not as expected. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { http } from '@oarlock/http'
import { REVISIONS } from '@oarlock/protocol'
import { open, Unexpected, type Kit, type Target } from '@oarlock/testing'
import { ws } from '@oarlock/ws'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { shop } from '../fixtures/shop.ts'

const register = fileURLToPath(new URL('../../../../test/runner/register.ts', import.meta.url))
const child = {
  command: process.execPath,
  args: [...process.execArgv, '--import', register, fileURLToPath(new URL('../fixtures/shop.ts', import.meta.url))],
}

const cleanUp: (() => unknown)[] = []

const TARGETS: Readonly<Record<string, () => Promise<Target>>> = {
  memory: async () => shop(),
  http: async () => {
    const server = shop()
    const [listener] = await server.listen(http({ port: 0 }))
    cleanUp.push(() => server.close())
    return listener?.address ?? ''
  },
  ws: async () => {
    const server = shop()
    const [listener] = await server.listen(ws({ port: 0 }))
    cleanUp.push(() => server.close())
    return listener?.address ?? ''
  },
  'a child process': async () => child,
}

const test = suite('kit')
test.after.each(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) await clean()
})

async function failure(expectation: PromiseLike<unknown>): Promise<Unexpected> {
  try {
    await expectation
  } catch (cause) {
    assert.instance(cause, Unexpected)
    return cause as Unexpected
  }
  throw new Error('It should have failed')
}

for (const [name, target] of Object.entries(TARGETS)) {
  for (const revision of name === 'a child process' ? (['2025-11-25', '2026-07-28'] as const) : REVISIONS) {
    test(`${revision} over ${name}: everything is asked and comes true`, async () => {
      await using kit = await open(await target(), { revision })
      assert.is(kit.revision, revision)
      const [price] = await kit.all(
        kit.tool('price', { n: 4 }).returns(12).text('12').within(20_000),
        kit
          .tool('parts')
          .returns({ parts: ['a', 'b'] })
          .matches({ parts: [/a/, 'b'] }),
        kit.tool('broken').fails(/order/).fails('out of order'),
        kit.tool('slow').progress([1, 2]).returns('done'),
        kit
          .tool('nothing')
          .refused(/nothing/)
          .refused({ code: -32602 }),
        kit.resource('shop://config').json({ open: true }).text('{"open":true}').mimeType('application/json').parts(1),
        kit.prompt('sell', { what: 'tea' }).text('Sell me tea').messages({ role: 'user', content: /tea$/ }),
        kit.complete('sell', 'what', 'c').values('coffee'),
        kit.tools().include('price', 'slow').lack('more').has('price', { description: /Price/ }),
        kit.prompts().are('sell'),
        kit.resources().are('config'),
        kit.templates().are(),
        kit.request('tools/list').result({ tools: [{ name: 'price' }, {}, {}, {}, {}, {}] as object[] }),
      )
      assert.equal(price.content, [{ type: 'text', text: '12' }])
    })
  }
}

test('what a child writes to its standard error can be waited for', async () => {
  await using kit = await open(child)
  assert.is(await kit.stderr.line(/^open/), 'open for business')
  await kit.tool('shout').returns('ok')
  assert.is(await kit.stderr.line('shouted'), 'somebody shouted')
  assert.equal(kit.stderr.all, ['open for business', 'somebody shouted'])
  try {
    await kit.stderr.line('whispered', 20)
    assert.unreachable()
  } catch (cause) {
    assert.match((cause as Error).message, /whispered.*\n {2}open for business/s)
  }
})

test('notifications are counted, given once, and missed with a list of what came', async () => {
  await using kit = await open(shop(), { revision: '2025-11-25' })
  await kit.tool('slow').returns('done')
  const steps = await kit.notifications(2, 'notifications/progress')
  assert.equal(
    steps.map(({ params }) => params['progress']),
    [1, 2],
  )
  await kit.tool('grow').returns('grown')
  const [changed] = await kit.notifications(1)
  assert.is(changed?.method, 'notifications/tools/list_changed')
  await kit.tool('slow').returns('done')
  const missed = await failure(kit.notifications(3, undefined, 50))
  assert.match(missed.message, 'Expected 3 notifications within 50 ms, but there were 2')
  assert.match(missed.message, 'came  notifications/progress')
})

test('a wrong value is reported with what was sent, what came and the difference, at the line of the test', async () => {
  await using kit = await open(shop())
  const wrong = await failure(kit.tool('parts').returns({ parts: ['a', 'c'] }))
  assert.match(wrong.message, 'Expected that tool parts returns {"parts":["a","c"]}, but it returned {"parts":["a","b"]}')
  assert.match(wrong.message, /sent {2}\{.*"tools\/call".*"parts"/)
  assert.match(wrong.message, /came {2}\{.*structuredContent/)
  assert.match(wrong.message, /- {5}"c"\n {2}\+ {5}"b"/)
  assert.match((wrong.stack ?? '').split('\n    at ')[1] ?? '', 'kit.test.ts')
  assert.equal(wrong.expected, { parts: ['a', 'c'] })
  assert.equal(wrong.actual, { parts: ['a', 'b'] })
  assert.equal(
    Object.keys(wrong).filter(key => key !== 'code' && key !== 'name'),
    [],
  )
})

const WRONG: Readonly<Record<string, [(kit: Kit) => PromiseLike<unknown>, RegExp]>> = {
  'a failure that was not expected': [kit => kit.tool('broken'), /tool broken succeeds, but it failed: out of order/],
  'a failure where a value was expected': [kit => kit.tool('broken').returns(1), /returns 1, but it failed: out of order/],
  'a value where a failure was expected': [kit => kit.tool('price', { n: 1 }).fails(), /fails, but it returned 3/],
  'another failure': [kit => kit.tool('broken').fails('in order'), /- in order\n {2}\+ out of order/],
  'a refusal that was not expected': [kit => kit.tool('nothing'), /is answered, but it was refused: .*-32602/],
  'a refusal where a value was expected': [kit => kit.resource('shop://none').text('x'), /but it was refused/],
  'an answer where a refusal was expected': [kit => kit.tools().refused(), /is refused, but the server answered it/],
  'another code': [kit => kit.tool('nothing').refused({ code: -1 }), /the code is -32602/],
  'another text': [kit => kit.prompt('sell', { what: 'tea' }).text(/cake/), /says \/cake\/, but the text is "Sell me tea"/],
  'a tool that is missing': [kit => kit.tools().include('zebra'), /zebra is missing; there are price/],
  'a tool that is there': [kit => kit.tools().lack('price'), /price is there/],
  'other suggestions': [kit => kit.complete('sell', 'what', 't').values('cake'), /it suggests \["tea"\]/],
  'other progress': [kit => kit.tool('slow').progress([1]), /it reported \[1,2\]/],
  'a check that says no': [kit => kit.tool('slow').check(() => 'not slow enough'), /passes a check, but not slow enough/],
  'a check that throws': [kit => kit.tool('slow').check(() => assert.is(1, 2)), /passes a check, but Expected values/],
}
for (const [name, [expectation, message]] of Object.entries(WRONG)) {
  test(`reported: ${name}`, async () => {
    await using kit = await open(shop())
    assert.match((await failure(expectation(kit))).message, message)
  })
}

test('all reports every expectation that did not come true', async () => {
  await using kit = await open(shop())
  const { message } = await failure(
    kit.all(kit.tool('price', { n: 1 }).returns(4), kit.tool('slow').returns('done'), kit.prompts().are('buy')),
  )
  assert.match(message, /^2 of 3 expectations did not come true\n\n1\. Expected that tool price returns 4/)
  assert.match(message, '2. Expected that prompts are buy')
})

test('an expectation that nobody awaited is noticed at the end', async () => {
  const kit = await open(shop())
  kit.tool('price', { n: 1 }).returns(4)
  assert.match((await failure(kit.close())).message, 'Nobody awaited what was expected of tool price')
})

test('snapshots are written, compared, and written anew when asked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'snapshots-'))
  cleanUp.push(() => rm(folder, { recursive: true }))
  const ci = process.env['CI']
  const set = (name: string, value: string | undefined): void =>
    void (value === undefined ? delete process.env[name] : (process.env[name] = value))
  cleanUp.push(() => (set('CI', ci), set('OARLOCK_SNAPSHOTS', undefined)))
  const take = async (n: number): Promise<void> => {
    await using kit = await open(shop(), { snapshots: folder })
    await kit.tool('price', { n }).snapshot('price')
  }
  set('CI', 'true')
  assert.match((await failure(take(1))).message, 'none is written where CI is set')
  set('CI', undefined)
  await take(1)
  assert.equal(JSON.parse(await readFile(join(folder, 'price.json'), 'utf8')).content, [{ text: '3', type: 'text' }])
  set('CI', 'true')
  await take(1)
  assert.match((await failure(take(2))).message, /- .*"3".*\n {2}\+ .*"6"/)
  set('OARLOCK_SNAPSHOTS', 'update')
  await take(2)
  set('OARLOCK_SNAPSHOTS', undefined)
  await take(2)
})

test.run()
