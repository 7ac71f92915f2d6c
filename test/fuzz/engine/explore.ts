/** The loop: change an input that got somewhere, run it, keep it when it got further. Guided by coverage, as libFuzzer is. */
import type { Coverage } from './coverage.ts'
import { mutate } from './mutate.ts'
import { Random } from '../../../packages/protocol/test/random.ts'
import { bytesOf, type Target } from './target.ts'
import { trial } from './trial.ts'

/** How far to go. */
export interface Bounds {
  readonly seed: number
  /** Most inputs that are run. */
  readonly runs: number
  /** Most milliseconds. */
  readonly ms: number
  readonly maxLength: number
}

/** What came of it. */
export interface Explored {
  readonly runs: number
  /** Inputs that got somewhere new, the first ones included. */
  readonly corpus: readonly Uint8Array[]
  readonly places: number
  readonly seen: number
  /** An input that broke the target, made as short as it could be, and what it broke. */
  readonly found?: { readonly input: Uint8Array; readonly why: string }
}

/** Told of each input before it runs, so that someone else knows what it was if it never ends. */
export type Before = (input: Uint8Array) => void

export async function explore(
  target: Target,
  coverage: Coverage,
  seeds: readonly Uint8Array[],
  { seed, runs: most, ms, maxLength }: Bounds,
  before: Before,
): Promise<Explored> {
  const random = new Random(seed)
  const words = [...new Set([...coverage.literals, ...(target.words ?? [])])].map(bytesOf)
  const corpus: Uint8Array[] = []
  const until = Date.now() + ms
  const waiting = [...seeds, new Uint8Array(0)]
  const longest = seeds.reduce((length, each) => Math.max(length, each.length), 0)
  let runs = 0
  for (; runs < most && Date.now() < until; runs += 1) {
    // Short inputs are run sooner and changed to more effect, so they come first.
    const stock = { corpus, words, maxLength: Math.min(maxLength, longest + 16 + (runs >> 5)) }
    const input = waiting.pop() ?? mutate(parent(corpus, random), stock, random)
    before(input)
    coverage.clear()
    const why = await failureOf(target, input)
    if (why !== undefined) {
      return { runs, corpus, ...coverage.reach, found: { input: await shortened(target, input, before), why } }
    }
    if (coverage.isNews() || corpus.length === 0) corpus.push(input)
  }
  return { runs, corpus, ...coverage.reach }
}

/** One that got further lately, as often as any; of two the shorter one. */
function parent(corpus: readonly Uint8Array[], random: Random): Uint8Array {
  const from = random.below(2) === 0 ? 0 : Math.max(0, corpus.length - 16)
  const one = corpus[from + random.below(corpus.length - from)] as Uint8Array
  const other = corpus[from + random.below(corpus.length - from)] as Uint8Array
  return one.length < other.length ? one : other
}

async function failureOf(target: Target, input: Uint8Array): Promise<string | undefined> {
  try {
    await trial(target, input)
    return undefined
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

/** Leaves out stretches, long ones first, as long as it breaks without them. */
async function shortened(target: Target, input: Uint8Array, before: Before): Promise<Uint8Array> {
  let shortest = input
  for (let length = shortest.length >> 1; length > 0; length >>= 1) {
    for (let at = 0; at + length <= shortest.length;) {
      const shorter = Buffer.concat([shortest.subarray(0, at), shortest.subarray(at + length)])
      before(shorter)
      if ((await failureOf(target, shorter)) === undefined) at += length
      else shortest = shorter
    }
  }
  return shortest
}
