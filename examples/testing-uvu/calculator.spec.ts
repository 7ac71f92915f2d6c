/** The calculator tested with uvu, in this process and without a port. */

import { open } from '@oarlock/testing'
import { suite } from 'uvu'
import { calculator } from './calculator.ts'

const test = suite('calculator')

// #region first
test('adds, divides, and says why it cannot', async () => {
  await using kit = await open(calculator())
  await kit.tool('add', { a: 1, b: 2 }).returns(3)
  await kit.tool('divide', { a: 1, b: 0 }).fails(/zero/)
  await kit.tool('multiply', { a: 1, b: 0 }).refused({ code: -32602, message: /multiply/ })
})
// #endregion

// #region queue
test('answers many at once', async () => {
  await using kit = await open(calculator())
  await kit.all(
    kit.tool('add', { a: 1, b: 2 }).returns(3).within(1000),
    kit.tool('divide', { a: 9, b: 3 }).text('3'),
    kit.resource('calc://constants').json({ pi: 3.14 }).mimeType('application/json'),
    kit.prompt('explain', { topic: 'sums' }).messages({ role: 'user', content: /sums$/ }),
  )
})
// #endregion

// #region notifications
test('tells that it has learnt something', async () => {
  await using kit = await open(calculator(), { revision: '2025-11-25' })
  await kit.tools().lack('subtract')
  await kit.tool('learn').returns('learnt')
  await kit.notifications(1, 'notifications/tools/list_changed')
  await kit.tools().include('subtract')
})
// #endregion

// #region snapshot
test('offers what it offered before', async () => {
  await using kit = await open(calculator(), { snapshots: new URL('./snapshots/', import.meta.url) })
  await kit.tools().snapshot('tools')
})
// #endregion

test.run()
