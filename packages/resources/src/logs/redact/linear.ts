/** Whether a pattern of a user's is sure to take time linear in the text (THREATS 3, T22). */

/** Ways in which a pattern may try to match from one place. With lines of bounded length this bounds the time of all. */
const MAX_WAYS = 1_000

/**
 * Refuses patterns that could be slow: each repetition must have an end (`{1,40}`, not `+`), and the ways to match from one place must be few. Such a
 * pattern takes time linear in the text, whatever the text is.
 * @throws TypeError saying what is wrong and what to write
 */
export function checkLinear(pattern: RegExp, name: string): void {
  if (/[vy]/.test(pattern.flags)) throw refusal(name, 'the flags v and y are not for rules')
  const ways = new Reader(pattern.source, name).disjunction()
  if (ways > MAX_WAYS)
    throw refusal(
      name,
      `there are ${ways > 1e9 ? 'too many' : ways} ways to match it from one place, and ${MAX_WAYS} may be; bound its repetitions more tightly`,
    )
}

function refusal(name: string, why: string): TypeError {
  return new TypeError(`the redaction rule ${JSON.stringify(name)} could be slow: ${why}`)
}

/** Counts ways over the source of a regular expression, which is known to be valid. */
class Reader {
  readonly #source: string
  readonly #name: string
  #at = 0

  constructor(source: string, name: string) {
    this.#source = source
    this.#name = name
  }

  /** Up to the end, or to the `)` that closes it. */
  disjunction(): number {
    let ways = 0
    for (;;) {
      ways += this.#alternative()
      if (this.#source[this.#at] !== '|') return ways
      this.#at++
    }
  }

  #alternative(): number {
    let ways = 1
    while (this.#at < this.#source.length && this.#source[this.#at] !== '|' && this.#source[this.#at] !== ')') {
      const atom = this.#atom()
      const { least, most } = this.#quantifier()
      ways *= atom ** most * (most - least + 1)
    }
    return ways
  }

  #atom(): number {
    const char = this.#source[this.#at++]
    if (char === '\\') {
      const escaped = this.#source.charAt(this.#at++)
      if (/[1-9k]/.test(escaped)) throw refusal(this.#name, 'it refers back to what it matched')
    }
    if (char === '[') this.#set()
    if (char !== '(') return 1
    // What stands behind `(?` says what kind of group it is; a name is read as text.
    if (this.#source[this.#at] === '?') this.#at += this.#source.startsWith('?<', this.#at) ? 3 : 2
    const ways = this.disjunction()
    this.#at++
    return ways
  }

  #set(): void {
    while (this.#source[this.#at] !== ']') this.#at += this.#source[this.#at] === '\\' ? 2 : 1
    this.#at++
  }

  #quantifier(): { readonly least: number; readonly most: number } {
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})/.exec(this.#source.slice(this.#at, this.#at + 24))
    if (found === null) return { least: 1, most: 1 }
    this.#at += found[0].length
    if (this.#source[this.#at] === '?') this.#at++
    if (found[0] === '?') return { least: 0, most: 1 }
    const [text, least, comma, most] = found
    const end = comma === '' ? least : most
    if (end === undefined || end === '') throw refusal(this.#name, `${text} has no end; write {1,40}, with the most there can be`)
    return { least: Number(least), most: Number(end) }
  }
}
