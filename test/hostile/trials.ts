/** Runs cases over their ways, those that were begun in time beside each other. */
import type { Case, Talk, TalkCase, Way } from './case.ts'
import { bytesOverHttp, overHttp } from './over-http.ts'
import { overLink, shakeHands } from './over-link.ts'
import { linesOf, Stdio } from './over-lines.ts'
import { bytesOverWs, Socket } from './over-ws.ts'
import type { House, Memory } from './process.ts'
import type { Seen, StepSeen } from './seen.ts'
import { Told } from './told.ts'

/** How many of those that were begun go on at the same time: what waits, waits beside each other. */
const AT_ONCE = 24
const PROCESSES_AT_ONCE = 1

/** The ways on which each case has a connection of its own. */
const OWN = /^(?:ws|http exchange)/

/** When it is given up. */
const NEVER = 15_000

/** A case over one of its ways. */
export interface Tried {
  readonly each: Case
  readonly way: Way | undefined
}

export class Trials {
  readonly #house: House
  readonly #begun = new Map<Case, Map<Way | undefined, Promise<Seen>>>()
  readonly #pipes = new Map<Talk, Stdio>()
  /** What many cases share does one thing at a time, since they all call their requests the same: pipes, and sessions over HTTP. */
  readonly #last = new Map<Way, Promise<unknown>>()
  readonly #room = new Map<string, { left: number; readonly waiting: (() => void)[] }>([
    ['bytes', { left: AT_ONCE, waiting: [] }],
    ['lines', { left: PROCESSES_AT_ONCE, waiting: [] }],
  ])

  /** What is going on, and what has to be over before anything else begins. */
  readonly #going = new Set<Promise<Seen>>()
  #quiet: Promise<unknown> | undefined
  #over: Tried[] = []

  constructor(house: House) {
    this.#house = house
  }

  /** Begins a case whose outcome is asked for later. */
  begin(each: Case, way: Way | undefined): void {
    const begun = this.#begun.get(each) ?? new Map<Way | undefined, Promise<Seen>>()
    if (begun.has(way)) return
    const seen = this.#inTurn(each, way)
    seen.catch(() => {})
    this.#begun.set(each, begun.set(way, seen))
  }

  async #inTurn(each: Case, way: Way | undefined): Promise<Seen> {
    const room = this.#room.get(each.kind)
    if (room === undefined) return way === undefined || OWN.test(way) ? this.#try(each, way) : this.#afterTheLast(each, way)
    if (room.left === 0) await new Promise<void>(resolve => room.waiting.push(resolve))
    else room.left -= 1
    try {
      return await this.#try(each, way)
    } finally {
      const next = room.waiting.shift()
      if (next === undefined) room.left += 1
      else next()
    }
  }

  #afterTheLast(each: Case, way: Way): Promise<Seen> {
    const last = this.#last.get(way) ?? Promise.resolve()
    const seen = last.then(() => this.#try(each, way))
    this.#last.set(
      way,
      seen.catch(() => {}),
    )
    return seen
  }

  /** What came of a case, the first time it is asked for of what was begun. */
  async run(each: Case, way: Way | undefined): Promise<Seen> {
    this.begin(each, way)
    const begun = this.#begun.get(each)
    const seen = await begun?.get(way)
    begun?.delete(way)
    return seen as Seen
  }

  /** Does something while nothing is going on. What was begun waits. */
  async quietly<T>(work: () => Promise<T>): Promise<T> {
    let over = (): void => {}
    this.#quiet = new Promise<void>(resolve => (over = resolve))
    try {
      while (this.#going.size > 0) await Promise.allSettled(this.#going)
      return await work()
    } finally {
      this.#quiet = undefined
      over()
    }
  }

  /** What was tried on the process of this memory since this was asked last. */
  overOn(memory: Memory): readonly Tried[] {
    const isOn = ({ each, way }: Tried): boolean => this.memoryOf(each, way) === memory
    const over = this.#over.filter(isOn)
    this.#over = this.#over.filter(tried => !isOn(tried))
    return over
  }

  /** Tries a case once more, without anything beside it: only to be called quietly. */
  async alone(each: Case, way: Way | undefined): Promise<void> {
    await this.#run(each, way)
  }

  /** The memory of the process that a case is tried on: undefined for one that ends with it. */
  memoryOf(each: Case, way: Way | undefined): Memory | undefined {
    if (way?.startsWith('stdio') === true) return this.#pipes.get(way.split(' ')[1] as Talk)?.pipe.memory
    return each.kind === 'lines' && each.process === true ? undefined : this.#house.memory
  }

  async #try(each: Case, way: Way | undefined): Promise<Seen> {
    while (this.#quiet !== undefined) await this.#quiet
    const running = this.#run(each, way)
    this.#going.add(running)
    try {
      return await running
    } finally {
      this.#going.delete(running)
      this.#over.push({ each, way })
    }
  }

  async #run(each: Case, way: Way | undefined): Promise<Seen> {
    const told = new Told()
    const started = performance.now()
    const steps = await inTime(this.#steps(each, way, told), () => `received: ${told.received.slice(0, 500)}`).catch((error: unknown) => {
      // Whatever else comes of it is none of the next case's.
      if (way?.startsWith('stdio')) this.#forget(way.split(' ')[1] as Talk)
      throw error
    })
    return { steps, sent: told.sent, received: told.received, took: performance.now() - started }
  }

  #steps(each: Case, way: Way | undefined, told: Told): Promise<StepSeen[]> {
    if (each.kind === 'lines') return linesOf(this.#house, each, told)
    if (each.kind === 'bytes')
      return each.door.toLowerCase().endsWith('ws') ? bytesOverWs(this.#house, each, told) : bytesOverHttp(this.#house, each, told)
    const [wire, talk] = (way as Way).split(' ') as [string, Talk]
    if (wire === 'http') return overHttp(this.#house, talk, each.steps, told)
    return wire === 'ws' ? this.#overWs(each, talk, told) : this.#overStdio(each, talk, told)
  }

  async #overWs({ steps }: TalkCase, talk: Talk, told: Told): Promise<StepSeen[]> {
    const socket = await Socket.open(this.#house.ports.ws)
    await shakeHands(socket, talk)
    const seen = await overLink(socket, talk, steps, told)
    socket.leave()
    return seen
  }

  async #overStdio({ steps }: TalkCase, talk: Talk, told: Told): Promise<StepSeen[]> {
    const stdio = this.#pipes.get(talk) ?? new Stdio(talk)
    this.#pipes.set(talk, stdio)
    await stdio.ready()
    return overLink(stdio, talk, steps, told)
  }

  #forget(talk: Talk): void {
    this.#pipes.get(talk)?.pipe.kill()
    this.#pipes.delete(talk)
  }

  /** The processes that many cases shared end in good order and have printed nothing else. */
  async end(): Promise<void> {
    for (const { pipe } of this.#pipes.values()) {
      const code = await pipe.end()
      if (code !== 0 || pipe.errors !== '') throw new Error(`The house on stdio ended with ${code} and printed ${pipe.errors}`)
    }
  }
}

async function inTime<T>(work: Promise<T>, tell: () => string): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Nothing came of it in ${NEVER} ms; ${tell()}`)), NEVER)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
