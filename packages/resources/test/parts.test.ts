import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { checkedRange, wholeCharacters } from '../src/parts.ts'

const test = suite('parts')

test('every cut of a text falls between characters, and cuts that join lose nothing', () => {
  const text = Buffer.from('aé✓😀 grüße ✓😀')
  for (let size = 4; size < text.length; size += 1) {
    let joined = ''
    for (let at = 0; at < text.length;) {
      const piece = text.subarray(at, at + size)
      const { start, end } = wholeCharacters(piece, at === 0, at + size >= text.length)
      assert.is(start, 0)
      joined += new TextDecoder('utf-8', { fatal: true }).decode(piece.subarray(start, end))
      at += end
    }
    assert.is(joined, text.toString())
  }
})

test('a piece that begins inside a character begins behind it', () => {
  const text = Buffer.from('😀ab')
  assert.equal(
    [1, 2, 3].map(at => wholeCharacters(text.subarray(at), false, true).start),
    [3, 2, 1],
  )
})

test('a range is whole numbers, at most as long as an answer', () => {
  assert.is(checkedRange(undefined, 10), undefined)
  assert.equal(checkedRange({ offset: 3 }, 10), { offset: 3, length: 10 })
  assert.equal(checkedRange({ length: 99 }, 10), { offset: 0, length: 10 })
  for (const range of [{ offset: Number.NaN }, { offset: -1 }, { length: 0 }, { length: 1.5 }]) assert.throws(() => checkedRange(range, 10))
})

test.run()
