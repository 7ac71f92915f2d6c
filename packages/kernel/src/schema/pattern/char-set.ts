/** Sets of characters, as sorted ranges of code points. */

/** Ranges `[first, last]`, sorted, apart from one another. */
export type CharSet = readonly (readonly [first: number, last: number])[]

const LAST = 0x10ffff

/** Every character. */
export const ANY: CharSet = [[0, LAST]]

/** One character, or all from one to another. */
export function range(first: number, last: number = first): CharSet {
  return [[first, last]]
}

/** What is in any of the sets. */
export function union(sets: readonly CharSet[]): CharSet {
  const merged: [number, number][] = []
  for (const [first, last] of sets.flat().sort((a, b) => a[0] - b[0])) {
    const previous = merged.at(-1)
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last)
    else merged.push([first, last])
  }
  return merged
}

/** What is not in the set. */
export function complement(set: CharSet): CharSet {
  const gaps: [number, number][] = []
  let from = 0
  for (const [first, last] of set) {
    if (first > from) gaps.push([from, first - 1])
    from = last + 1
  }
  if (from <= LAST) gaps.push([from, LAST])
  return gaps
}

/** What is in both sets. */
export function common(left: CharSet, right: CharSet): CharSet {
  const shared: [number, number][] = []
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const [a, b] = left[i] as readonly [number, number]
    const [c, d] = right[j] as readonly [number, number]
    if (Math.max(a, c) <= Math.min(b, d)) shared.push([Math.max(a, c), Math.min(b, d)])
    if (b < d) i += 1
    else j += 1
  }
  return shared
}

const DIGIT = range(0x30, 0x39)
const WORD = union([DIGIT, range(0x41, 0x5a), range(0x5f), range(0x61, 0x7a)])
const SPACE = union([
  range(0x09, 0x0d),
  range(0x20),
  range(0xa0),
  range(0x1680),
  range(0x2000, 0x200a),
  range(0x2028, 0x2029),
  range(0x202f),
  range(0x205f),
  range(0x3000),
  range(0xfeff),
])

/** `\d`, `\W` and their kin; undefined for other letters. */
export function ofEscape(letter: string): CharSet | undefined {
  const set = { d: DIGIT, w: WORD, s: SPACE }[letter.toLowerCase()]
  return set === undefined || letter === letter.toLowerCase() ? set : complement(set)
}

const PROPERTIES = new Map<string, CharSet>()

/** `\p{…}` or `\P{…}`. Found by asking `RegExp` about every character of the basic plane; what lies beyond is left out. */
export function ofProperty(letter: 'p' | 'P', name: string): CharSet {
  const text = `\\${letter}{${name}}`
  const known = PROPERTIES.get(text)
  if (known !== undefined) return known
  const regex = new RegExp(`^${text}$`, 'u')
  const set: [number, number][] = []
  for (let code = 0; code < 0x10000; code += 1) {
    if (!regex.test(String.fromCharCode(code))) continue
    const previous = set.at(-1)
    if (previous?.[1] === code - 1) previous[1] = code
    else set.push([code, code])
  }
  PROPERTIES.set(text, set)
  return set
}
