import { logs } from '@oarlock/resources/logs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { interval } from '../src/interval.ts'

const test = suite('intervals')

test('a time is milliseconds or text with a unit, and never longer than a timer waits', () => {
  assert.is(interval('poll', '1.5s'), 1_500)
  assert.is(interval('poll', 20), 20)
  assert.is(interval('poll', '30d'), 2 ** 31 - 1)
})

test('what is no time is refused with the name of the option, before anything is followed', () => {
  for (const option of ['poll', 'debounce'] as const)
    assert.throws(() => logs({ sources: { app: 'app.log' }, [option]: 'soon' as never }), new RegExp(`${option}: "soon" is not a duration`))
})

test.run()
