/**
 * Prompts. Input that begins with `{{` is the text of a template, which is checked and never rendered: problems of the table, of bounded
 * number and length, whatever the text. Any other input is the value of an argument of fixed templates: whatever it says, the messages stay
 * as many as they were, with the same roles, and say the value as it is; what cannot be rendered fails with `TemplateFailure`.
 */
import * as assert from 'node:assert/strict'
import { TemplateFailure } from '../../../packages/prompts/src/template/failure.ts'
import { PROBLEMS } from '../../../packages/prompts/src/template/problem.ts'
import { TemplateSet } from '../../../packages/prompts/src/template/set.ts'

export const words = [
  '{{#user}}',
  '{{/user}}',
  '{{#if x}}',
  '{{else}}',
  '{{#each l}}',
  '{{> part}}',
  '{{{',
  '}}}',
  '{{!--',
  '--}}',
  'constructor',
  '__proto__',
  '@root',
  'as |x|',
  '\x01',
  '\x02',
]

const FIXED = {
  plain: 'Before {{value}} after',
  turns: '{{#system}}Be brief.{{/system}}\n{{#user}}[{{value}}]{{/user}}\n{{#assistant}}Yes?{{/assistant}}\n{{value}}',
  helped: '{{#user}}{{upper value}}{{#if value}}|{{lower value}}{{/if}}{{/user}}{{> part}}',
  listed: '{{#each list}}{{#user}}{{@index}}: {{this}}{{/user}}{{/each}}',
} as const

const set = new TemplateSet()
set.put([...Object.entries(FIXED).map(([id, text]) => ({ id, text })), { id: 'part', text: '{{#assistant}}({{value}}){{/assistant}}' }])
assert.deepEqual(set.check(), [])

export function fuzz(input: Buffer): void {
  const text = input.toString('utf8')
  if (text.startsWith('{{')) return checked(text)
  for (const id of Object.keys(FIXED) as (keyof typeof FIXED)[]) rendered(id, text)
  structured(text)
}

/** Renders with the value and with a word in its place, and compares. */
function rendered(id: keyof typeof FIXED, value: string): void {
  const shape = (said: string) => set.render(id, { value: said, list: [said, said] })
  const usual = shape('x')
  const messages = shape(value)
  if (value.trim() !== '') assert.deepEqual(messages.map(roleOf), usual.map(roleOf))
  const expected = value.trim()
  if (id === 'helped' || expected === '') return
  for (const [index, { content }] of messages.entries()) {
    const { text: neutral } = usual[index]!.content as { text: string }
    if (!neutral.includes('x') || neutral === 'Yes?') continue
    assert.ok(content.type === 'text' && content.text.includes(expected), id)
  }
}

const roleOf = ({ role, content }: { role: string; content: { type: string } }): string => `${role} ${content.type}`

/** A value that is no text, such as JSON may hold. */
function structured(text: string): void {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return
  }
  for (const id of Object.keys(FIXED)) {
    try {
      for (const { role, content } of set.render(id, { value, list: value })) {
        assert.ok(role === 'user' || role === 'assistant')
        assert.equal(content.type, 'text')
      }
    } catch (error) {
      assert.ok(TemplateFailure.is(error), error as Error)
    }
  }
}

function checked(text: string): void {
  const tried = set.fork()
  tried.put([{ id: 'tried', text }])
  const problems = tried.checkOne('tried')
  assert.ok(problems.length <= text.length)
  for (const { code, message, severity } of problems) {
    assert.equal(severity, PROBLEMS[code].severity)
    assert.ok(message.length < 2048 + text.length, message)
  }
}
