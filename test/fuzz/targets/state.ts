/**
 * Opening `requestState`. The input is a state, in which `$` stands for one that we sealed and `~` for one in which the bytes that follow are
 * flipped; behind a line break stand params. Whatever it is: it opens when it is ours, unchanged and for the same call, and is refused with
 * the one fault that tells nothing otherwise.
 */
import * as assert from 'node:assert/strict'
import { Fault } from '@oarlock/protocol'
import { StateSeal, type Binding } from '../../../packages/kernel/src/edge/state.ts'
import { Journal } from '../../../packages/kernel/src/journal.ts'

export const words = ['$', '~', '{"name":"pay"}', '"_meta":{}', '"requestState":"x"', '"inputResponses":{}', '__proto__']

const seal = new StateSeal({ secrets: ['a secret of more than thirty-two characters'], ttl: 1000 }, () => 0)
const binding: Binding = { principal: { id: 'ada' }, method: 'tools/call', params: { name: 'pay', arguments: { amount: 1 } } }
const journal = new Journal()
journal.answers.set('who', { action: 'accept' })
const genuine = await seal.seal(journal, binding)

export async function fuzz(input: Buffer): Promise<void> {
  const [text = '', ...rest] = input.toString('latin1').split('\n')
  const state = text.startsWith('~') ? flipped(Buffer.from(text.slice(1), 'latin1')) : text.replaceAll('$', genuine)
  const params = paramsOf(rest.join('\n'))
  const same = params === undefined || canonical(params) === canonical(binding.params)
  const expected = state === genuine && same
  try {
    const opened = await seal.open(state, params === undefined ? binding : { ...binding, params })
    assert.ok(expected, 'it was opened')
    assert.deepEqual(opened.toEntry(), journal.toEntry())
  } catch (error) {
    if (expected) throw error
    assert.ok(Fault.is(error) && error.fault === 'INVALID_STATE', error as Error)
    assert.deepEqual([error.message, error.data], ['Invalid or expired requestState', undefined])
  }
}

function flipped(bits: Uint8Array): string {
  const bytes = Buffer.from(genuine, 'base64url')
  bits.forEach((flip, index) => {
    if (index < bytes.length) bytes[index] = (bytes[index] as number) ^ flip
  })
  return bytes.toString('base64url')
}

function paramsOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** What a call is: its params, without what changes from round to round, in any order. Written otherwise than in the seal. */
function canonical(params: Readonly<Record<string, unknown>>): string {
  const sorted = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map(sorted)
    return {
      object: Object.entries(value)
        .map(([key, member]) => [key, sorted(member)])
        .sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)),
    }
  }
  const own = Object.entries(params).filter(([key]) => !['_meta', 'inputResponses', 'requestState'].includes(key))
  return JSON.stringify(sorted(Object.fromEntries(own)))
}
