/** Levels of log messages. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { isLoggingLevel, LOGGING_LEVELS, reaches } from '../../src/model/log.ts'

const log = suite('log')

log('the eight levels of RFC 5424 are known, and nothing else', () => {
  assert.is(LOGGING_LEVELS.length, 8)
  for (const level of LOGGING_LEVELS) assert.ok(isLoggingLevel(level))
  for (const other of ['verbose', 'toString', '', 0, undefined]) assert.not(isLoggingLevel(other))
})

log('a message reaches who asked for its level or a lesser one', () => {
  assert.ok(reaches('error', 'warning'))
  assert.ok(reaches('warning', 'warning'))
  assert.not(reaches('notice', 'warning'))
  assert.ok(reaches('emergency', 'debug'))
})

log.run()
