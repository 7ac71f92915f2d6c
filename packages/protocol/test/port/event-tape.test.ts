/** The tape that the event log lies on: what is written, read, and written over. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { EventTape } from '../../src/port/event-tape.ts'

const test = suite('event tape')

test('texts of every size and script are read as they were written, in slabs that are written to again', () => {
  const tape = new EventTape()
  const texts = ['', 'a', 'é'.repeat(30_000), '日'.repeat(22_000), 'x'.repeat(65_536), 'y'.repeat(200_000), '𝄞', 'z'.repeat(21_000)]
  const kept: { readonly place: number; readonly text: string; readonly at: number }[] = []
  let last = 0
  for (let at = 0; at < 3_000; at += 1) {
    const text = `${texts[at % texts.length]}${at}`
    const place = tape.add(at + 7, at, text)
    assert.ok(place > last, 'places rise')
    last = place
    kept.push({ place, text, at })
    if (at % 7 === 0 || kept.length <= 20) continue
    assert.is(tape.oldest, kept.shift()?.place)
    tape.shift()
    const oldest = kept[0]?.at
    assert.equal([tape.oldestTime, tape.oldestOwner], [oldest, (oldest as number) + 7])
    for (const { place, text } of [kept[0], kept.at(-1)] as typeof kept) {
      assert.is(tape.textOf(place), text)
      assert.is(tape.sizeOf(place), text.length * 3 > 65_536 ? text.length : Buffer.byteLength(text))
      assert.is(tape.following(place), 0, 'what was written over has left nothing')
      tape.follow(place, 1)
      assert.is(tape.following(place), 1)
      tape.follow(place, 0)
    }
    tape.follow((kept[0] as { place: number }).place, 7)
    tape.follow((kept[0] as { place: number }).place, 0)
  }
  for (const { place } of kept) {
    assert.is(tape.oldest, place)
    tape.follow(place, 7)
    tape.shift()
  }
  assert.is(tape.oldest, undefined)
  assert.is(tape.held, 0, 'nothing is held for nothing')
  assert.is(tape.following(tape.add(1, 0, 'again')), 0)
})

test('a long text is held by itself, and given back when it is struck', () => {
  const tape = new EventTape()
  const large = tape.add(1, 0, 'x'.repeat(22_000))
  assert.is(tape.held, 22_000)
  tape.strike(large)
  assert.is(tape.held, 0, 'it is given back at once')
  assert.is(tape.sizeOf(large), 22_000)
  tape.shift()
  const text = 'y'.repeat(21_845)
  const places = [text, text, text, text].map(each => tape.add(2, 0, each))
  for (const place of places) assert.is(tape.textOf(place), text)
  assert.is(tape.held, 2 * 65_536, 'three in one, and one in the next')
})

test('what was struck stays until it is the oldest, and what is renewed is read where it lies now', () => {
  const tape = new EventTape()
  const [first, second, third] = ['a', 'b', 'c'].map((text, at) => tape.add(at + 40, at, text)) as [number, number, number]
  tape.follow(first, third)
  tape.strike(second)
  assert.is(tape.oldestIsStruck, false)
  const renewed = tape.renew()
  assert.ok(renewed > third)
  assert.equal([tape.textOf(renewed), tape.timeOf(renewed), tape.following(renewed)], ['a', 0, third])
  for (const place of [first, second]) {
    assert.equal([tape.oldest, tape.oldestIsStruck], [place, true])
    tape.shift()
  }
  assert.equal([tape.oldest, tape.oldestIsStruck, tape.oldestOwner], [third, false, 42])
  tape.shift()
  assert.equal([tape.oldest, tape.oldestOwner], [renewed, 40])
})

test('empty texts are records as well, and are held in few slabs', () => {
  const tape = new EventTape()
  const places = Array.from({ length: 1_000 }, (_, index) => tape.add(index, 0, ''))
  assert.ok(tape.held < 300_000)
  for (const [owner, place] of places.entries()) {
    assert.equal([tape.oldest, tape.oldestOwner], [place, owner])
    tape.shift()
  }
})

test.run()
