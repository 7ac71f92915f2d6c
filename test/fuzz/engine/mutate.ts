/** Makes another input of one that got somewhere: a few small changes, each of the kind that breaks readers. */
import type { Random } from '../../../packages/protocol/test/random.ts'

/** Bytes at which something begins or ends in the formats we read, and those that text must not hold. */
const TELLING = [
  0, 9, 10, 13, 32, 34, 35, 37, 38, 43, 44, 45, 47, 58, 59, 61, 63, 91, 92, 93, 95, 123, 125, 127, 128, 0xc0, 0xe2, 0xef, 255,
]

/** What a mutation has to work with. */
export interface Stock {
  /** Inputs that got somewhere. Never empty. */
  readonly corpus: readonly Uint8Array[]
  readonly words: readonly Uint8Array[]
  readonly maxLength: number
}

type Change = (input: Uint8Array, stock: Stock, random: Random) => Uint8Array

const spliced = (input: Uint8Array, from: number, to: number, between: Uint8Array = new Uint8Array(0)): Uint8Array =>
  Buffer.concat([input.subarray(0, from), between, input.subarray(to)])

/** A stretch of an input: where it begins, and where it ends. */
function stretch(input: Uint8Array, random: Random): readonly [from: number, to: number] {
  const from = random.below(input.length + 1)
  return [from, Math.min(input.length, from + random.below(random.pick([2, 8, 64]) + 1))]
}

function set(input: Uint8Array, random: Random, value: (old: number) => number): Uint8Array {
  const copy = Uint8Array.from(input)
  const at = random.below(Math.max(1, copy.length))
  if (at < copy.length) copy[at] = value(copy[at] as number)
  return copy
}

const CHANGES: readonly Change[] = [
  (input, _, random) => set(input, random, old => old ^ (1 << random.below(8))),
  (input, _, random) => set(input, random, () => random.below(256)),
  (input, _, random) => set(input, random, () => random.pick(TELLING)),
  (input, _, random) => set(input, random, old => old + random.pick([-1, 1])),
  (input, _, random) => spliced(input, ...stretch(input, random)),
  (input, _, random) => {
    const at = random.below(input.length + 1)
    return spliced(input, at, at, Uint8Array.of(random.pick(TELLING)))
  },
  // The same again, somewhere else or often: lists, repeated keys, depth.
  (input, _, random) => {
    const [from, to] = stretch(input, random)
    const at = random.below(input.length + 1)
    const times = random.pick([1, 1, 1, 2, 16, 128])
    return spliced(input, at, at, Buffer.concat(Array.from({ length: times }, () => input.subarray(from, to))))
  },
  (input, { words }, random) => {
    if (words.length === 0) return input
    const at = random.below(input.length + 1)
    return spliced(input, at, at, random.pick(words))
  },
  (input, { words }, random) => (words.length === 0 ? input : spliced(input, ...stretch(input, random), random.pick(words))),
  (input, { corpus }, random) => {
    const other = random.pick(corpus)
    return spliced(input, ...stretch(input, random), other.subarray(...stretch(other, random)))
  },
  (input, { corpus }, random) => {
    const other = random.pick(corpus)
    return Buffer.concat([input.subarray(0, random.below(input.length + 1)), other.subarray(random.below(other.length + 1))])
  },
]

/** One to eight changes, most often few. */
export function mutate(input: Uint8Array, stock: Stock, random: Random): Uint8Array {
  let made = input
  for (let left = 1 << random.below(4); left > 0; left -= 1) made = random.pick(CHANGES)(made, stock, random)
  return made.subarray(0, stock.maxLength)
}
