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

test.run()
