import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { stdio } from '@oarlock/stdio'
import { stdioConnector } from '@oarlock/stdio/client'

const test = suite('names of options over standard input and output')

const refused = (make: (options: never) => unknown, options: object, message: string): void =>
  assert.throws(
    () => make(options as never),
    (error: unknown) => error instanceof TypeError && error.message === message,
  )

test('a misspelt option is refused with the nearest', () => {
  refused(stdio, { principle: { id: 'me' } }, "'principle' is no option of stdio(). Did you mean 'principal'?")
  refused(stdioConnector, { command: 'x', agrs: [] }, "'agrs' is no option of stdioConnector(). Did you mean 'args'?")
  refused(stdio, { limits: { dept: 1 } }, "'dept' is no option of limits of stdio(). Did you mean 'depth'?")
  refused(stdioConnector, { command: 'x', limits: { bach: 1 } }, "'bach' is no option of limits of stdioConnector(). Did you mean 'batch'?")
})

test('times are durations, and what is none is refused when the option is given, not when its time has come', () => {
  stdio({ finishTimeout: '1.5s' })
  stdioConnector({ command: 'x', killAfter: '500ms' })
  const use = "use milliseconds or text such as '500ms', '30s', '2m'"
  refused(stdio, { finishTimeout: 'soon' }, `finishTimeout: "soon" is not a duration: ${use}`)
  refused(stdioConnector, { command: 'x', killAfter: -1 }, `killAfter: -1 is not a duration: ${use}`)
})

test.run()
