/** Somebody who does nothing wrong, on connections that stay open all the time: after each case he must get his right answer. */
import * as assert from 'uvu/assert'
import { httpAnswers, parsed } from './http-answer.ts'
import { headersFor, request } from './message.ts'
import { sessionOn, written } from './over-http.ts'
import { Socket } from './over-ws.ts'
import type { Headers } from './case.ts'
import type { House } from './process.ts'
import { Tap } from './tap.ts'

export class Bystander {
  readonly #port: number
  readonly #session: Headers
  readonly #tap: Tap
  readonly #socket: Socket
  #count = 0

  private constructor(port: number, session: Headers, socket: Socket) {
    this.#port = port
    this.#session = session
    this.#tap = new Tap(port)
    this.#socket = socket
  }

  static async enter(house: House): Promise<Bystander> {
    const session = await sessionOn(house.ports.http, 'session', { 'x-bystander': 'yes' })
    return new Bystander(house.ports.http, session, await Socket.open(house.ports.ws))
  }

  /** Asks in his session over HTTP and without one over WebSocket, on the connections he has had from the start. */
  async ask(): Promise<void> {
    const text = `bystander ${(this.#count += 1)}`
    const params = { name: 'echo', arguments: { text } }
    const body = JSON.stringify(request('session', 'tools/call', params, { id: text }))
    const headers = {
      host: `127.0.0.1:${this.#port}`,
      'content-length': String(Buffer.byteLength(body)),
      ...headersFor('session', undefined),
      ...this.#session,
    }
    this.#tap.write(written('POST', '/mcp', headers, body))
    this.#socket.say(JSON.stringify(request('exchange', 'tools/call', params, { id: text })))
    await this.#tap.until(() => this.#tap.isClosed || httpAnswers(this.#tap.received, false)[0]?.complete === true)
    const [answer] = httpAnswers(this.#tap.received, false)
    assert.ok(answer !== undefined && !this.#tap.isClosed, 'his connection over HTTP was closed')
    this.#tap.drop(answer.end)
    const heard = [answer.messages, parsed((await this.#socket.next()) ?? '')]
    for (const [message] of heard)
      assert.equal([message?.id, message?.result?.['content']], [text, [{ type: 'text', text }]], 'he got his own answer')
  }

  leave(): void {
    this.#tap.leave()
    this.#socket.leave()
  }
}
