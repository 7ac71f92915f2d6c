import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { redact } from '@oarlock/kernel'
import { logToConsole } from '../src/log.ts'

const test = suite('log')

/** The lines that `write` puts on the console's error stream. */
function lines(write: () => void): string[] {
  const seen: string[] = []
  const original = console.error
  console.error = (line: string) => void seen.push(line)
  try {
    write()
  } finally {
    console.error = original
  }
  return seen
}

test('T28: an error is one line of JSON, whatever a peer put into it', () => {
  const [line, ...more] = lines(() =>
    logToConsole({ correlationId: 'c-1', where: 'tool', cause: new Error('a\n{"level":"info"}\u001B[31m') }),
  )
  assert.equal(more, [])
  assert.not.match(line as string, /\p{Cc}/u)
  assert.is((JSON.parse(line as string) as { correlationId: string }).correlationId, 'c-1')
})

test('T28: what looks like a credential is taken out', () => {
  for (const text of [
    'Authorization: Bearer abcdefgh12345',
    'bearer abcdefgh12345',
    '{"password":"hunter22"}',
    'api_key=hunter22',
    'Cookie: a=hunter22; b=hunter22',
    'failed with secret=hunter22, retry',
    'headers: {"authorization":"Basic hunter22hunter22"}',
    'token: hunter22',
  ]) {
    assert.not.match(redact(text), /hunter22|abcdefgh/, text)
  }
  assert.is(redact('nothing to hide'), 'nothing to hide')
})

test('anything that can be thrown can be logged', () => {
  const circular: Record<string, unknown> = {}
  circular['self'] = circular
  for (const cause of [undefined, null, 5, 'text', {}, circular, Object.create(null), Symbol('s'), 10n, () => 1]) {
    assert.is(lines(() => logToConsole({ correlationId: undefined, where: 'x', cause })).length, 1)
  }
})

test('the reason behind an error is logged with it, and long texts are cut', () => {
  const [line] = lines(() =>
    logToConsole({ correlationId: undefined, where: 'x', cause: new Error('outer', { cause: new Error('inner') }) }),
  )
  assert.match(line as string, 'inner')
  assert.ok((lines(() => logToConsole({ correlationId: undefined, where: 'x', cause: 'x'.repeat(100_000) }))[0] as string).length < 9_000)
})

test.run()
