/** The Inspector's command line against our example servers, over stdio and HTTP, with and without sessions, its strict lint clean. */
// time limit: 600 s
// not on Node 20: the Inspector wants Node 22
import type { ToolOptions } from '@oarlock/kernel'
import { Server, type ServerOptions, ToolError } from 'oarlock'
import { http } from '@oarlock/http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Test, suite } from 'uvu'
import * as assert from 'uvu/assert'
import { INSPECTOR, installApart } from '../interop/apart.ts'
import { EXAMPLES, type Offers, type Reached, suiteOn } from '../interop/examples.ts'
import { skip } from '../runner/skip.ts'
import { type Era, inspect, type Ran } from './cli.ts'

const home = mkdtempSync(join(tmpdir(), 'oarlock-inspector-'))

/** Asks, and wants an answer without any remark. */
async function ask(to: Reached, era: Era, ...question: readonly string[]): Promise<NonNullable<Ran['result']>> {
  const { code, result, remarks } = await inspect(home, to, era, ...question)
  assert.equal([code, ownWords(remarks)], [0, ''], question.join(' '))
  assert.ok(result)
  return result
}

/** Without what an example itself writes to standard error, which the Inspector passes on. */
const ownWords = (remarks: string): string => remarks.replace(/^the clock ticks\n/, '')

function tell(test: Test, era: Era, reached: () => Reached, { server, tools, call, resource, prompt }: Offers): void {
  const asking = (...question: readonly string[]) => ask(reached(), era, ...question)

  test(`${era}: it is introduced, and its tools pass the strict lint`, async () => {
    const [known, listed] = await Promise.all([asking('--method', 'initialize'), asking('--method', 'tools/list', '--strict')])
    assert.equal([known['serverInfo'].name, known['protocolVersion']], [server, era === 'legacy' ? '2025-11-25' : '2026-07-28'])
    assert.equal(listed['tools'].map((tool: { name: string }) => tool.name).toSorted(), tools)
  })

  test(`${era}: a tool is called`, async () => {
    const { content } = await asking('--method', 'tools/call', '--tool-name', call.name, '--tool-args-json', JSON.stringify(call.args))
    assert.is(content[0].text, call.text)
  })

  if (resource !== undefined)
    test(`${era}: resources and templates are listed and read`, async () => {
      const [{ resources }, { resourceTemplates }] = await Promise.all([
        asking('--method', 'resources/list'),
        asking('--method', 'resources/templates/list'),
      ])
      const all = [...(resources as { uri: string }[]), ...(resourceTemplates as { uriTemplate: string }[])]
      assert.equal(
        all.map(each => ('uri' in each ? each.uri : each.uriTemplate)),
        resource.listed,
      )
      assert.is((await asking('--method', 'resources/read', '--uri', resource.uri))['contents'][0].text, resource.text)
    })

  if (prompt !== undefined)
    test(`${era}: prompts are listed and filled in`, async () => {
      const args = Object.entries(prompt.args).map(([name, value]) => `${name}=${value}`)
      const [{ prompts }, { messages }] = await Promise.all([
        asking('--method', 'prompts/list'),
        asking('--method', 'prompts/get', '--prompt-name', prompt.name, '--prompt-args', ...args),
      ])
      assert.equal(
        prompts.map((each: { name: string }) => each.name),
        [prompt.name],
      )
      assert.is(messages[0].content.text, prompt.text)
    })
}

/** Which framework an example is mounted in makes no difference here: one will do. */
const once = EXAMPLES.filter(({ title }) => !/^mounting (express|fastify|hono|experimental)/.test(title))

const because = installApart(INSPECTOR)

for (const example of because === undefined ? once : []) {
  const { test, reached } = suiteOn(example, 'Inspector')
  for (const era of ['legacy', 'modern'] as const) tell(test, era, reached, example.offers)
  test.run()
}

const lint = suite('Inspector, its lint and its exits')

/** A server of one tool, over HTTP. */
async function serving(tool: ToolOptions, run: () => string, options: Partial<ServerOptions> = {}): Promise<Reached> {
  const server = new Server({ name: 'one-tool', version: '1.0.0', ...options })
  server.tool('work', { description: 'Works', ...tool }, run)
  const [listener] = await server.listen(http({ port: 0 }))
  return { url: listener?.address ?? '', close: () => server.close() }
}

lint('finding out by itself, it converses without a session', async () => {
  const to = await serving({}, () => 'done')
  assert.is((await ask(to, 'auto', '--method', 'initialize'))['protocolVersion'], '2026-07-28')
  await to.close()
})

lint('what clients choke on is found by the strict lint, unless our server rewrites it', async () => {
  const input = { type: 'object', properties: { any: true, maybe: { type: ['string', 'null'] } } } as const
  const asItIs = await serving({ input }, () => 'done')
  const rewritten = await serving({ input }, () => 'done', { schema: 'portable' })
  // The revisions with sessions know no boolean schema inside another: there it is rewritten in any case.
  for (const [era, code, counts] of [
    ['legacy', 0, '0 errors, 2 warnings'],
    ['modern', 6, '1 error, 1 warning'],
  ] as const) {
    const found = await inspect(home, asItIs, era, '--method', 'tools/list', '--strict')
    assert.is(found.code, code)
    assert.match(found.remarks, counts)
    // That anything goes is what the schema says: it stays a warning.
    const better = await inspect(home, rewritten, era, '--method', 'tools/list', '--strict')
    assert.is(better.code, 0)
    assert.match(better.remarks, '0 errors, 1 warning')
  }
  for (const to of [asItIs, rewritten]) await to.close()
})

lint('a tool that fails ends it with a code of its own', async () => {
  const to = await serving({}, () => {
    throw new ToolError('out of tea')
  })
  for (const era of ['legacy', 'modern'] as const) {
    const { code, result } = await inspect(home, to, era, '--method', 'tools/call', '--tool-name', 'work')
    assert.equal([code, result?.['isError'], result?.['content'][0].text], [5, true, 'out of tea'])
  }
  await to.close()
})

process.once('exit', () => rmSync(home, { recursive: true, force: true }))

if (because === undefined) lint.run()
else skip('our examples and the Inspector', because)
