import { Fault } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Journal, MAX_ROUNDS, ONCE_LIMIT } from '../src/journal.ts'

const test = suite('journal')
const carried = (journal: Journal): Journal => Journal.from(JSON.parse(JSON.stringify(journal.toEntry())) as never)

test('what a call remembers survives being carried by the client', () => {
  const journal = new Journal()
  journal.ask(['who', '__proto__'])
  journal.addAnswers(JSON.parse('{"who":{"action":"accept"},"__proto__":{"action":"decline"}}'))
  journal.remember('charge', { number: 7 })
  journal.progressSent = 3
  journal.logsSent = 2
  const id = journal.elicitationId('page')
  const again = carried(journal)
  assert.equal(
    [...again.answers],
    [
      ['who', { action: 'accept' }],
      ['__proto__', { action: 'decline' }],
    ],
  )
  assert.equal(again.done.get('charge'), { number: 7 })
  assert.equal([again.progressSent, again.logsSent], [3, 2])
  assert.is(again.elicitationId('page'), id)
})

test('undefined and null are results too: neither is forgotten, neither becomes the other', () => {
  const journal = new Journal()
  journal.remember('nothing', undefined)
  journal.remember('null', null)
  const again = carried(journal)
  assert.ok(again.done.has('nothing'))
  assert.is(again.done.get('nothing'), undefined)
  assert.is(again.done.get('null'), null)
})

test('a result is remembered as plain JSON, apart from the object it came from', () => {
  const journal = new Journal()
  const given = { at: new Date(0), list: [1] }
  const plain = journal.remember('k', given) as { at: unknown }
  given.list.push(2)
  assert.equal(plain, { at: '1970-01-01T00:00:00.000Z', list: [1] })
  assert.is(journal.done.get('k'), plain)
})

test('a result that is no JSON, or too long, is refused without telling the peer why', () => {
  const journal = new Journal()
  for (const value of [() => 1, Symbol('s'), 'x'.repeat(ONCE_LIMIT)]) {
    try {
      journal.remember('k', value)
      assert.unreachable()
    } catch (error) {
      const { fault, message, cause } = error as Fault
      assert.equal([fault, message], ['INTERNAL_ERROR', 'Internal error'])
      assert.match(String(cause), "once('k')")
    }
  }
  assert.not(journal.done.has('k'))
})

test('the client answers what it was asked, once: a later answer does not replace an earlier one', () => {
  const journal = new Journal()
  journal.ask(['amount'])
  journal.addAnswers({ amount: { content: 10 }, 'not asked': { content: 1 } })
  const next = carried(journal)
  next.ask(['confirm'])
  const last = carried(next)
  last.addAnswers({ confirm: { content: true }, amount: { content: 1000 } })
  assert.equal(
    [...last.answers],
    [
      ['amount', { content: 10 }],
      ['confirm', { content: true }],
    ],
  )
})

test('answers that are no objects count as none; a list of answers that is no object is refused', () => {
  const journal = new Journal()
  journal.addAnswers({ a: 1, b: null, c: 'x', d: [1], e: {} })
  assert.equal([...journal.answers.keys()], ['e'])
  for (const answers of [null, 1, 'x', [{}]]) {
    assert.throws(
      () => journal.addAnswers(answers),
      (error: unknown) => Fault.is(error) && error.fault === 'INVALID_PARAMS',
    )
  }
})

test('a call has a bounded number of rounds, counted across processes', () => {
  let journal = new Journal()
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    journal.ask(['k'])
    journal = carried(journal)
  }
  assert.throws(() => journal.ask(['k']), /more than 16 times/)
})

test('ids of url elicitations are their own for each key, and cannot be guessed from another', () => {
  const journal = new Journal()
  const ids = [journal.elicitationId('a'), journal.elicitationId('b'), new Journal().elicitationId('a')]
  assert.is(new Set(ids).size, 3)
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/)
})

test.run()
