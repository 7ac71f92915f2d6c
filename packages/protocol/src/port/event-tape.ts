/**
 * Texts in the order they came, of which the oldest leave first. They lie as bytes in slabs of many, outside of the heap: an object for each would outlive the request
 * that made it, and be copied by the garbage collector again and again, which costs more than all else that a log does (docs/decisions/0023).
 */

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Records and bytes of a slab. */
const RECORD_BITS = 8
const RECORDS = 1 << RECORD_BITS
const BYTES = 65_536

const NOTHING = new Uint8Array()

/** What follows a record that was struck. */
const STRUCK = -1

/** Whether a text might not fit into a slab of its own. */
const isLong = (text: string): boolean => text.length * 3 > BYTES

/** Some records that came one after the other; or one, whose text is too long to lie among others. The rest belongs to them by index. */
class Slab {
  number = 0
  count = 0
  /** The only text, as it came: a long one is one object on the heap whatever is done, and most of it is often shared with others. */
  text: string | undefined
  readonly bytes: Uint8Array
  readonly owners: Float64Array
  readonly ats: Float64Array
  readonly ends: Uint32Array
  readonly nexts: Float64Array

  constructor(records: number, bytes: Uint8Array) {
    this.bytes = bytes
    this.owners = new Float64Array(records)
    this.ats = new Float64Array(records)
    this.ends = new Uint32Array(records)
    this.nexts = new Float64Array(records)
  }

  get used(): number {
    return this.count === 0 ? 0 : (this.ends[this.count - 1] as number)
  }

  /** Bytes of it, or characters of a long text. */
  get weight(): number {
    return this.text === undefined ? this.bytes.length : this.text.length
  }

  /** Writes a text where there is room for it. */
  take(text: string): boolean {
    const { used } = this
    if (this.count === this.owners.length || this.bytes.length - used < text.length) return false
    const { read, written } = encoder.encodeInto(text, this.bytes.subarray(used))
    if (read < text.length) return false
    this.ends[this.count++] = used + written
    return true
  }

  /** Takes a long text for itself. */
  hold(text: string): void {
    this.text = text
    this.ends[0] = text.length
    this.count = 1
  }

  clear(): void {
    this.nexts.fill(0, 0, this.count)
    this.count = 0
  }
}

/** The tape. A place on it is a number above 0, and higher for what came later; whoever asks for one has to know that it is there. */
export class EventTape {
  readonly #slabs: Slab[] = []
  #spare: Slab | undefined
  #made = 0
  #oldest = 0
  #held = 0

  /** The place of the oldest record; undefined when there is none. */
  get oldest(): number | undefined {
    const [slab] = this.#slabs
    return slab === undefined ? undefined : slab.number * RECORDS + this.#oldest
  }

  /** Bytes that the tape has taken from the system, and characters of long texts. */
  get held(): number {
    return this.#held
  }

  /** Adds a record. An owner is a whole number. Returns the place of the record. */
  add(owner: number, at: number, text: string): number {
    let slab = this.#slabs.at(-1)
    if (slab === undefined || isLong(text) || !slab.take(text)) slab = this.#begin(text)
    const index = slab.count - 1
    slab.owners[index] = owner
    slab.ats[index] = at
    return slab.number * RECORDS + index
  }

  /** Whose the oldest record is. There has to be one. */
  get oldestOwner(): number {
    return (this.#slabs[0] as Slab).owners[this.#oldest] as number
  }

  /** Whether the oldest record was struck out. There has to be one. */
  get oldestIsStruck(): boolean {
    return (this.#slabs[0] as Slab).nexts[this.#oldest] === STRUCK
  }

  /** When the oldest record came, in milliseconds. There has to be one. */
  get oldestTime(): number {
    return (this.#slabs[0] as Slab).ats[this.#oldest] as number
  }

  /** When it came, in milliseconds. */
  timeOf(place: number): number {
    return this.#slabOf(place).ats[place % RECORDS] as number
  }

  /** Its length in bytes, that of a long text in characters. */
  sizeOf(place: number): number {
    const { ends } = this.#slabOf(place)
    const index = place % RECORDS
    return (ends[index] as number) - (index === 0 ? 0 : (ends[index - 1] as number))
  }

  textOf(place: number): string {
    const { text, bytes, ends } = this.#slabOf(place)
    if (text !== undefined) return text
    const index = place % RECORDS
    return decoder.decode(bytes.subarray(index === 0 ? 0 : ends[index - 1], ends[index]))
  }

  /** The place of the record that follows one in some order of its owner; 0 until it is told. */
  following(place: number): number {
    return this.#slabOf(place).nexts[place % RECORDS] as number
  }

  follow(place: number, next: number): void {
    this.#slabOf(place).nexts[place % RECORDS] = next
  }

  /** A record counts no more. It stays where it is until it is the oldest, and leaves; a long text leaves at once. */
  strike(place: number): void {
    const slab = this.#slabOf(place)
    slab.nexts[place % RECORDS] = STRUCK
    if (slab.text === undefined) return
    this.#held -= slab.weight
    slab.text = ''
  }

  /** Writes the oldest record once more, as the newest, with what follows it. Returns its new place; the old one is struck. */
  renew(): number {
    const place = this.oldest as number
    const renewed = this.add(this.oldestOwner, this.oldestTime, this.textOf(place))
    this.follow(renewed, this.following(place))
    this.strike(place)
    return renewed
  }

  /** The oldest record leaves. A slab whose records have all left is written to again. */
  shift(): void {
    const slab = this.#slabs[0] as Slab
    this.#oldest += 1
    if (this.#oldest < slab.count) return
    this.#slabs.shift()
    this.#oldest = 0
    this.#held -= slab.weight
    if (slab.text !== undefined) return
    slab.clear()
    this.#spare = slab
  }

  #slabOf(place: number): Slab {
    const slabs = this.#slabs
    // Places grow beyond what can be shifted; what lies between two of them does not.
    return slabs[(place - (slabs[0] as Slab).number * RECORDS) >>> RECORD_BITS] as Slab
  }

  /** A slab that begins with a text; one of its own for a text that may not fit into others. */
  #begin(text: string): Slab {
    let slab: Slab
    if (isLong(text)) {
      slab = new Slab(1, NOTHING)
      slab.hold(text)
    } else {
      slab = this.#spare ?? new Slab(RECORDS, new Uint8Array(BYTES))
      this.#spare = undefined
      slab.take(text)
    }
    slab.number = this.#made += 1
    this.#slabs.push(slab)
    this.#held += slab.weight
    return slab
  }
}
