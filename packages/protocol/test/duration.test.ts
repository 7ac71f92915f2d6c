import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { duration } from '@oarlock/protocol'

const test = suite('duration')

test('lengths of time are read as people write them', () => {
  assert.equal(
    [duration(250), duration('500ms'), duration('30s'), duration('1.5s'), duration('2m'), duration('1h'), duration('1d'), duration(0)],
    [250, 500, 30_000, 1_500, 120_000, 3_600_000, 86_400_000, 0],
  )
})

test('anything else is refused, and the text says what is wanted', () => {
  for (const value of ['', '5', '5 s', '-1s', 's', '1e3ms', -1, Number.NaN, Number.POSITIVE_INFINITY, undefined, {}]) {
    assert.throws(() => duration(value as never), /not a duration/)
  }
})

test('the error names the option that the value was given as', () => {
  assert.throws(
    () => duration('5 sec' as never, 'timeout'),
    /^timeout: "5 sec" is not a duration: use milliseconds or text such as '500ms'/,
  )
  assert.throws(() => duration(Number.NaN, 'idle'), /^idle: NaN is not a duration/)
})

test.run()
