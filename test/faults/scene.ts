/** A server over HTTP whose hooks fail, a client that provokes it, and bystanders who must not notice; judged by what was thrown, reported and sent. */
import type { Listener } from '@oarlock/protocol'
import { http, Server, type HttpOptions, type ServerOptions } from 'oarlock'
import * as assert from 'uvu/assert'
import { ask, call, modern, openSession, stream, tool, type Answer, type Events } from '../../packages/http/test/wire.ts'

/** How a hook fails. */
export type Way = 'throws' | 'rejects'
export const WAYS: readonly Way[] = ['throws', 'rejects']

/** What would have ended the process. */
const uncaught: unknown[] = []
process.on('uncaughtException', cause => void uncaught.push(cause))
process.on('unhandledRejection', cause => void uncaught.push(cause))

/** No part of it may be sent to anybody. */
const LEAK = /hunter2|postgres|\.ts:\d|node:internal|\\n +at /

export interface SceneOptions {
  readonly server?: Partial<ServerOptions>
  readonly http?: HttpOptions
  /** Headers of the client that provokes. */
  readonly headers?: Record<string, string>
  /** Offers what fails. */
  readonly furnish?: (server: Server) => unknown
}

export class Scene {
  server!: Server
  readonly thrown: Error[] = []
  readonly reported: unknown[] = []
  readonly way: Way
  port = 0
  /** Set once the bystanders are in: hooks that they pass behave until then. */
  armed = false
  #sent: (() => string)[] = []
  #release = (): void => {}
  #waiting: Promise<Answer>[] = []
  #news: Events | undefined
  #session: Record<string, string> = {}
  #headers: Record<string, string> = {}
  #http: HttpOptions = {}

  private constructor(way: Way) {
    this.way = way
  }

  /** Builds the server, then lets the bystanders in. */
  static async open(way: Way, build: (scene: Scene) => SceneOptions): Promise<Scene> {
    const scene = new Scene(way)
    scene.#build(build(scene))
    await scene.#begin()
    return scene
  }

  #build(options: SceneOptions): void {
    this.#headers = options.headers ?? {}
    this.#http = options.http ?? {}
    const server = (this.server = new Server({ name: 'scene', version: '1', log: false, ...options.server }))
    server.on('error.reported', ({ cause }) => void this.reported.push(cause))
    const released = new Promise<void>(resolve => {
      this.#release = resolve
    })
    server.tool('bystander-waits', {}, () => released.then(() => 'waited'))
    server.tool('bystander-echo', {}, () => 'echoed')
    options.furnish?.(server)
  }

  async #begin(): Promise<void> {
    const [listener] = await this.server.listen(http({ port: 0, ...this.#http }))
    this.port = Number(new URL((listener as Listener).address).port)
    this.#session = await openSession(this.port)
    this.#news = await stream(this.port, { method: 'GET', headers: { ...this.#session, accept: 'text/event-stream' } })
    this.#waiting = [
      ask(this.port, tool('bystander-waits', {}, 7)),
      ask(this.port, { headers: this.#session, body: call('bystander-waits', {}, 7) }),
    ]
    while (this.server.busy < 2) await new Promise(resolve => setImmediate(resolve))
    this.armed = true
  }

  /** Fails, in the way of this scene. As a hook, or in one. */
  readonly fail = (): never => {
    const error = this.error()
    if (this.way === 'rejects') return Promise.reject(error) as never
    throw error
  }

  /** An error that counts as thrown. */
  error(): Error {
    const error = new Error(`hunter2 at postgres://admin@db, number ${this.thrown.length}`)
    this.thrown.push(error)
    return error
  }

  /** Asks as a client of its own, statelessly and in a session. */
  async ask(method: string, params: Record<string, unknown> = {}): Promise<readonly [stateless: Answer, session: Answer]> {
    const { headers, body } = modern(method, params)
    const named = typeof params['uri'] === 'string' ? { ...headers, 'mcp-name': params['uri'] } : headers
    const session = await openSession(this.port, '2025-11-25', this.#headers)
    const answers = [
      await ask(this.port, { headers: { ...named, ...this.#headers }, body }),
      await ask(this.port, { headers: session, body: { jsonrpc: '2.0', id: 1, method, params } }),
    ] as const
    await ask(this.port, { method: 'DELETE', headers: session })
    for (const { text } of answers) this.#sent.push(() => text)
    return answers
  }

  /** Watches what a stream carries. */
  watch(events: Events): Events {
    this.#sent.push(() => events.raw)
    return events
  }

  /** A stream of news is acknowledged, tells of a change of the tools, and ends. */
  async hears(events: Events): Promise<void> {
    assert.is((await events.message()).method, 'notifications/subscriptions/acknowledged')
    this.server.tool('z', {}, () => 'z')
    assert.is((await events.message()).method, 'notifications/tools/list_changed')
    await this.leave(events)
  }

  /** Leaves a stream of news, and waits until the server knows. */
  async leave(events: Events): Promise<void> {
    const closed = new Promise<void>(resolve => {
      this.server.on('subscription.closed', () => resolve())
    })
    events.leave()
    await closed
  }

  /** Watches what an answer said. */
  heard(answer: Answer): Answer {
    this.#sent.push(() => answer.text)
    return answer
  }

  /** Ends the scene: nobody was hurt, each failure was told once, and nothing of it left the process. */
  async judge({ times, silent = false }: { readonly times?: number; readonly silent?: boolean } = {}): Promise<void> {
    await new Promise(resolve => setImmediate(resolve))
    assert.ok(this.thrown.length > 0, 'the hook was never run')
    if (times !== undefined) assert.is(this.thrown.length, times, 'how often the hook was run')
    this.#release()
    for (const { json, status } of await Promise.all(this.#waiting)) {
      assert.equal([status, json.id, json.result?.content?.[0]?.text], [200, 7, 'waited'])
    }
    const { json } = await ask(this.port, tool('bystander-echo', {}, 8))
    assert.equal([json.id, json.result?.content?.[0]?.text], [8, 'echoed'])
    const again = await ask(this.port, { headers: this.#session, body: call('bystander-echo', {}, 8) })
    assert.equal([again.json.id, again.json.result?.content?.[0]?.text], [8, 'echoed'])
    assert.not.ok(this.#news?.res.destroyed, 'the stream of a bystander ended')
    await this.close()
    assert.equal(uncaught.splice(0), [], 'would have ended the process')
    for (const sent of this.#sent) assert.not.match(sent(), LEAK)
    assert.not.match(this.#news?.raw ?? '', LEAK)
    const told = this.thrown.map(error => this.reported.filter(cause => cause === error || (cause as Error)?.cause === error).length)
    assert.equal(
      told,
      told.map(() => (silent ? 0 : 1)),
      'how often each was reported',
    )
  }

  close(): Promise<void> {
    return this.server.close({ within: 100 })
  }
}
