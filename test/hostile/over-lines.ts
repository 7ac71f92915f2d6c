/** Tries cases over standard input and output: messages on processes that many cases share, bad streams each on one of its own. */
import { END, type LinesCase, type Piece, type Talk } from './case.ts'
import { parsed } from './http-answer.ts'
import { REVISION } from './message.ts'
import { shakeHands, type Line } from './over-link.ts'
import { Pipe, type House } from './process.ts'
import type { StepSeen } from './seen.ts'
import { Tap } from './tap.ts'
import type { Told } from './told.ts'

/** One of the processes that many cases share, and what may be asked of it at a time: one thing. */
export class Stdio implements Line {
  readonly pipe = new Pipe()
  readonly #ready: Promise<void>

  constructor(talk: Talk) {
    this.#ready = shakeHands(this, talk)
  }

  ready(): Promise<void> {
    return this.#ready
  }

  say(message: string | Uint8Array): void {
    this.pipe.write(message)
    this.pipe.write('\n')
  }

  next(): Promise<string | undefined> {
    return this.pipe.line()
  }
}

/** Plays bytes on the input of a server and ends it. Everything it says until its own end is the answer. */
export async function linesOf(house: House, { pieces, process }: LinesCase, told: Told): Promise<StepSeen[]> {
  for (const piece of pieces) if (typeof piece === 'string' || piece instanceof Uint8Array) told.said(piece)
  const output = process ? await ofProcess(pieces) : await ofStream(house, pieces)
  told.heard(output)
  const texts = output.split('\n').filter(text => text !== '')
  return [{ answers: texts.map(text => ({ headers: {}, text, messages: parsed(text) })), closed: true, revision: REVISION.exchange }]
}

async function ofStream(house: House, pieces: readonly Piece[]): Promise<string> {
  const tap = new Tap(house.ports.lines)
  await tap.play([...pieces, END])
  await tap.until(() => tap.isClosed)
  return tap.received.toString()
}

/** The process must end in good order and print nothing else. */
async function ofProcess(pieces: readonly Piece[]): Promise<string> {
  const pipe = new Pipe()
  for (const piece of pieces) if (typeof piece === 'string' || piece instanceof Uint8Array) pipe.write(piece)
  const code = await pipe.end()
  if (code !== 0 || pipe.errors !== '') throw new Error(`The process ended with ${code} and printed ${pipe.errors}`)
  return pipe.output
}
