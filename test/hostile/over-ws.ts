/** Tries cases over WebSocket: each on a connection of its own, in frames written by hand. */
import { frame, OPCODE, upgradeText } from '../../packages/ws/test/wire.ts'
import type { Answer, BytesCase } from './case.ts'
import { httpAnswers, parsed } from './http-answer.ts'
import type { Line } from './over-link.ts'
import { REVISION } from './message.ts'
import type { House } from './process.ts'
import type { StepSeen } from './seen.ts'
import { Tap } from './tap.ts'
import type { Told } from './told.ts'

/** A connection of a WebSocket, to send messages on. */
export class Socket implements Line {
  readonly tap: Tap
  close: number | undefined

  constructor(tap: Tap) {
    this.tap = tap
  }

  static async open(port: number): Promise<Socket> {
    const tap = new Tap(port)
    tap.write(upgradeText({ 'Sec-WebSocket-Protocol': 'mcp' }))
    const [answer] = await upgraded(tap)
    if (answer?.status !== 101) throw new Error(`The upgrade was answered ${answer?.status}`)
    return new Socket(tap)
  }

  say(message: string | Uint8Array): void {
    this.tap.write(frame(OPCODE.text, message))
  }

  /** The next message; undefined when the connection is over. */
  async next(): Promise<string | undefined> {
    for (;;) {
      let found: Framed | undefined
      await this.tap.until(() => (found = framed(this.tap.received)) !== undefined || this.tap.isClosed)
      if (found === undefined) return undefined
      this.tap.drop(found.end)
      if (found.opcode === OPCODE.close) this.#left(found.payload)
      else if (found.opcode !== OPCODE.ping && found.opcode !== OPCODE.pong) return found.payload.toString()
    }
  }

  #left(payload: Buffer): void {
    this.close ??= payload.length < 2 ? 1005 : payload.readUInt16BE(0)
    this.tap.write(frame(OPCODE.close, payload))
  }

  leave(): void {
    this.tap.leave()
  }
}

interface Framed {
  readonly opcode: number
  readonly payload: Buffer
  readonly end: number
}

/** The first frame in these bytes, if all of it is there. */
function framed(bytes: Buffer): Framed | undefined {
  if (bytes.length < 2) return undefined
  const short = (bytes[1] as number) & 0x7f
  const start = short === 126 ? 4 : short === 127 ? 10 : 2
  if (bytes.length < start) return undefined
  const length = short === 126 ? bytes.readUInt16BE(2) : short === 127 ? Number(bytes.readBigUInt64BE(2)) : short
  const end = start + length
  return bytes.length < end ? undefined : { opcode: (bytes[0] as number) & 0x0f, payload: bytes.subarray(start, end), end }
}

/** The answer to an upgrade. The frames behind it stay. */
async function upgraded(tap: Tap): Promise<readonly Answer[]> {
  await tap.until(() => tap.isClosed || httpAnswers(tap.received, tap.isClosed)[0]?.complete === true)
  const answers = httpAnswers(tap.received, tap.isClosed).slice(0, 1)
  if (answers[0]?.status === 101) tap.drop(answers[0].end)
  return answers
}

/** Plays bytes on a door of WebSockets: the answer to the upgrade, and where that is 101 what the frames come to. */
export async function bytesOverWs(house: House, { door, pieces, expect }: BytesCase, told: Told): Promise<StepSeen[]> {
  const tap = new Tap(house.ports[door])
  for (const piece of pieces) if (typeof piece === 'string' || piece instanceof Uint8Array) told.said(piece)
  const [head, ...rest] = pieces
  await tap.play(head === undefined ? [] : [head])
  const [answer] = await upgraded(tap)
  if (answer !== undefined && (answer.status !== 101 || [expect.status].flat().includes(101))) {
    told.heard(answer.text)
    tap.leave()
    return [{ answers: [answer], closed: tap.isClosed, revision: REVISION.exchange }]
  }
  await tap.play(rest)
  const socket = new Socket(tap)
  const answers: Answer[] = []
  for (let left = expect.answers ?? 1; expect.outcome === 'closed' || expect.close !== undefined || left > 0; left -= 1) {
    const text = await socket.next()
    if (text === undefined) break
    told.heard(text)
    answers.push({ headers: {}, text, messages: parsed(text) })
  }
  tap.leave()
  const { close } = socket
  const opened = answer !== undefined && answers.length === 0 && !tap.isClosed ? [answer] : answers
  return [
    {
      answers: opened,
      closed: tap.isClosed || close !== undefined,
      revision: REVISION.exchange,
      ...(close === undefined ? {} : { close }),
    },
  ]
}
