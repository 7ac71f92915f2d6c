/** Who is present where many come and go. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Roster, type Seat } from '@oarlock/protocol'

const test = suite('roster')

class Guest {
  seat: Seat<Guest> | undefined
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

const present = (roster: Roster<Guest>): string => {
  let names = ''
  roster.each(({ name }) => (names += name))
  return names
}

const guests = (names: string): readonly Guest[] => Array.from(names, name => new Guest(name))

test('whoever comes is visited in that order, until it leaves', () => {
  const roster = new Roster<Guest>()
  const [a, b, c, d] = guests('abcd') as [Guest, Guest, Guest, Guest]
  for (const guest of [a, b, c, d]) roster.add(guest)
  assert.is(present(roster), 'abcd')
  assert.ok(roster.delete(b))
  assert.ok(roster.delete(d))
  assert.is(present(roster), 'ac')
  assert.ok(roster.delete(a))
  roster.add(b)
  assert.is(present(roster), 'cb')
  assert.is(roster.size, 2)
})

test('whoever is present is not counted twice, and whoever left cannot leave again', () => {
  const roster = new Roster<Guest>()
  const [a, b] = guests('ab') as [Guest, Guest]
  roster.add(a)
  roster.add(b)
  roster.add(a)
  assert.is(roster.size, 2)
  assert.ok(roster.delete(a))
  assert.not.ok(roster.delete(a))
  assert.is(present(roster), 'b')
  assert.is(roster.size, 1)
})

test('guests may come and go while they are visited', () => {
  const roster = new Roster<Guest>()
  const [a, b, c, d] = guests('abcd') as [Guest, Guest, Guest, Guest]
  for (const guest of [a, b, c]) roster.add(guest)
  let names = ''
  roster.each(guest => {
    names += guest.name
    if (guest === a) {
      roster.delete(a)
      roster.delete(b)
      roster.add(d)
    }
  })
  assert.is(names, 'acd')
  assert.is(present(roster), 'cd')
})

test('whoever comes while the last one is visited is visited too', () => {
  const roster = new Roster<Guest>()
  const [a, b, c] = guests('abc') as [Guest, Guest, Guest]
  roster.add(a)
  let names = ''
  roster.each(guest => {
    names += guest.name
    if (guest === a) {
      roster.delete(a)
      roster.add(b)
    }
    if (guest === b) roster.add(c)
  })
  assert.is(names, 'abc')
  assert.is(present(roster), 'bc')
})

test('nothing that is left points to whoever left', async () => {
  const roster = new Roster<Guest>()
  const stays = new Guest('stays')
  roster.add(stays)
  const gone = new WeakRef(new Guest('gone'))
  roster.add(gone.deref() as Guest)
  roster.add(new Guest('last'))
  roster.delete(gone.deref() as Guest)
  assert.is(stays.seat?.newer?.member.name, 'last')
  assert.is(stays.seat?.newer?.older, stays.seat)
})

test.run()
