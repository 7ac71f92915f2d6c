/** Counts what our own sources run: each statement and branch has a counter, and all counters are one array. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { createInstrumenter } from 'istanbul-lib-instrument'

/** What is counted: what is shipped, and the fixture of the loop's own test. */
const OURS = /\/(?:packages\/[\w-]+\/src\/.+|test\/fuzz\/fixtures\/.+)\.ts$/
/** A short word in quotes, such as a source compares its input with. */
const LITERAL = /'([^'\\\s]{1,24})'/g

/** The counters of one file, as istanbul keeps them. */
interface FileCounters {
  s: Record<number, number> | Uint32Array
  f: Record<number, number> | Uint32Array
  b: Record<number, number[] | Uint32Array>
}

/** Counters of everything that was imported after this object was made. */
export class Coverage {
  /** Short words that stand in those sources: what an input may have to say to get further. */
  readonly literals = new Set<string>()
  #counters = new Uint32Array(0)
  /** By counter, the magnitudes at which it was seen, one bit each. */
  #seen = new Uint8Array(0)

  constructor() {
    const instrumenter = createInstrumenter({ esModules: true, compact: true, produceSourceMap: false })
    registerHooks({
      load: (url, context, next) => {
        const loaded = next(url, context)
        if (!url.startsWith('file:') || !OURS.test(url)) return loaded
        const file = fileURLToPath(url)
        for (const [, word] of readFileSync(file, 'utf8').matchAll(LITERAL)) this.literals.add(word as string)
        return { ...loaded, source: instrumenter.instrumentSync(loaded.source as string, file) }
      },
    })
  }

  /** How many counters there are, and how many were ever more than nothing. */
  get reach(): { readonly places: number; readonly seen: number } {
    let seen = 0
    for (const magnitudes of this.#seen) if (magnitudes !== 0) seen += 1
    return { places: this.#seen.length, seen }
  }

  /** Lays all counters into one array. To be called when everything is imported, and before anything is to be counted. */
  adopt(): void {
    const files = Object.values((globalThis as { __coverage__?: Record<string, FileCounters> }).__coverage__ ?? {})
    const size = files.reduce((sum, { s, f, b }) => sum + count(s) + count(f) + Object.values(b).reduce((n, each) => n + each.length, 0), 0)
    this.#counters = new Uint32Array(size)
    this.#seen = new Uint8Array(size)
    let at = 0
    const take = (length: number) => this.#counters.subarray(at, (at += length))
    for (const file of files) {
      file.s = take(count(file.s))
      file.f = take(count(file.f))
      for (const [branch, { length }] of Object.entries(file.b)) file.b[Number(branch)] = take(length)
    }
  }

  /** Starts counting anew. */
  clear(): void {
    this.#counters.fill(0)
  }

  /** Whether anything ran for the first time, or more often by a magnitude than ever before. */
  isNews(): boolean {
    const counters = this.#counters
    const seen = this.#seen
    let news = false
    for (let index = 0; index < counters.length; index += 1) {
      const times = counters[index] as number
      if (times === 0) continue
      const magnitude = 1 << (times < 4 ? times - 1 : Math.min(7, 33 - Math.clz32(times) - 1))
      if (((seen[index] as number) & magnitude) !== 0) continue
      seen[index] = (seen[index] as number) | magnitude
      news = true
    }
    return news
  }
}

const count = (counters: object): number => Object.keys(counters).length
