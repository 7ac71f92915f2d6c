/** Revisions and their order. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  atLeast,
  conversationOf,
  FIRST_STATELESS,
  isRevision,
  NEWEST,
  NEWEST_SESSION,
  REVISIONS,
  SESSION_REVISIONS,
  STATELESS_REVISIONS,
  within,
} from '../src/index.ts'

const test = suite('revision')

test('there are five revisions, oldest first', () => {
  assert.equal([...REVISIONS], ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25', '2026-07-28'])
  assert.is(NEWEST, REVISIONS.at(-1))
})

test('four open with a handshake, and the newest carries its envelope', () => {
  assert.equal([...SESSION_REVISIONS], REVISIONS.slice(0, 4))
  assert.equal([...STATELESS_REVISIONS], ['2026-07-28'])
  assert.is(NEWEST_SESSION, SESSION_REVISIONS.at(-1))
  assert.is(FIRST_STATELESS, STATELESS_REVISIONS[0])
  assert.equal(
    REVISIONS.map(revision => conversationOf(revision)),
    ['session', 'session', 'session', 'session', 'stateless'],
  )
})

test('S-VER-05: only the exact text is a revision', () => {
  for (const revision of REVISIONS) assert.ok(isRevision(revision))
  const others = ['', '2025-06-19', '2099-01-01', '2026-07-28 ', ' 2026-07-28', '2026-07-28-draft', '2026-7-28', '2026', 'DRAFT-2026-v1']
  for (const text of [...others, '__proto__', 'constructor', null, undefined, 20260728, ['2026-07-28']])
    assert.not(isRevision(text), String(text))
})

test('revisions are compared by their place', () => {
  for (const [i, a] of REVISIONS.entries()) for (const [j, b] of REVISIONS.entries()) assert.is(atLeast(a, b), i >= j, `${a} ${b}`)
})

test('a span is half-open, and without a bound it has none', () => {
  const inside = (since?: (typeof REVISIONS)[number], until?: (typeof REVISIONS)[number]) =>
    REVISIONS.filter(revision => within(revision, since, until)).map(revision => REVISIONS.indexOf(revision))
  assert.equal(inside(), [0, 1, 2, 3, 4])
  assert.equal(inside('2025-06-18'), [2, 3, 4])
  assert.equal(inside(undefined, '2025-06-18'), [0, 1])
  assert.equal(inside('2025-03-26', '2025-11-25'), [1, 2])
  assert.equal(inside('2025-11-25', '2025-11-25'), [])
})

test.run()
