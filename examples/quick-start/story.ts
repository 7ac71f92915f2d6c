/** What the quick start does with a connected client: one call of each kind, each answer checked. */

import assert from 'node:assert/strict'
import type { Client, PromptMessage } from 'oarlock'

/** One row of the table. */
export interface Row {
  readonly transport: string
  readonly revision: string
  readonly called: string
  readonly answer: string
  readonly ms: number
}

interface Step {
  readonly called: string
  readonly expected: string
  run(client: Client): Promise<unknown>
}

const STEPS: readonly Step[] = [
  { called: 'tools/call add { a: 19, b: 23 }', expected: '42', run: client => client.call('add', { a: 19, b: 23 }) },
  {
    called: 'resources/read calc://squares/12',
    expected: '144',
    run: async client => (await client.read('calc://squares/12')).map(item => ('text' in item ? item.text : '')).join(''),
  },
  {
    called: 'prompts/get explain { topic: sums }',
    expected: 'Explain sums to a ten-year-old, with one example.',
    run: async client => firstText(await client.prompt('explain', { topic: 'sums' })),
  },
]

/** Runs the steps. @throws AssertionError for an answer that is not the expected one */
export async function story(transport: string, revision: string, client: Client): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { called, expected, run } of STEPS) {
    const start = performance.now()
    const answer = String(await run(client))
    const ms = performance.now() - start
    assert.equal(answer, expected, `${transport} ${revision} ${called}`)
    rows.push({ transport, revision, called, answer, ms })
  }
  return rows
}

function firstText(messages: readonly PromptMessage[]): string {
  const content = messages[0]?.content
  return content?.type === 'text' ? content.text : ''
}
