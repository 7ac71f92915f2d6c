/** Over HTTP without a session no connection stands that could end: what is told when requests are healed all the same. */
import { createServer, type Server as WebServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client, type ClientOptions } from '@oarlock/client'
import { toNode } from '@oarlock/http'
import { httpConnector } from '@oarlock/http/client'
import { Server } from '@oarlock/kernel'
import { bearer } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('outages over stateless HTTP')

interface Gate {
  turnAway: 'cut' | number | undefined
  left: number
  /** Turns everything away with a status that says nothing of a way that is broken. */
  refuses: boolean
}

/** A server behind a gate that turns requests away for a while. */
class Scene implements AsyncDisposable {
  readonly told: string[] = []
  readonly server: Server
  readonly client: Client
  readonly #web: WebServer
  readonly #gate: Gate

  private constructor(server: Server, web: WebServer, client: Client, gate: Gate) {
    this.server = server
    this.client = client
    this.#web = web
    this.#gate = gate
    for (const event of ['connection.closed', 'connection.lost'] as const) client.on(event, () => void this.told.push(event))
    client.on('reconnect.scheduled', ({ attempt }) => void this.told.push(`reconnect.scheduled ${attempt}`))
    client.on('connection.restored', ({ attempts, revision }) => void this.told.push(`connection.restored ${attempts} ${revision}`))
  }

  static async open(options: ClientOptions = {}): Promise<Scene> {
    const server = new Server({ name: 'flaky', version: '1.0.0' })
    server.tool('look', { annotations: { readOnlyHint: true } }, () => 'seen')
    server.tool('pay', {}, () => 'paid')
    server.resource('note', { uri: 'note://one' }, () => 'text')
    const gate: Gate = { turnAway: undefined, left: 0, refuses: false }
    server.resource('guarded', { uri: 'note://guarded', guard: { allow: (_, ctx) => ctx.principal !== undefined } }, () => 'text')
    const handle = toNode(server, { authenticate: bearer(() => undefined, { optional: true }) })
    const web = createServer((request, response) => {
      if (gate.refuses) return void response.writeHead(400).end('no')
      if (gate.left <= 0) return void handle(request, response)
      gate.left -= 1
      if (gate.turnAway === 'cut') request.socket.destroy()
      else response.writeHead(gate.turnAway ?? 503).end('not now')
    })
    await new Promise<void>(resolve => web.listen(0, '127.0.0.1', resolve))
    const connector = httpConnector(`http://127.0.0.1:${(web.address() as AddressInfo).port}/mcp`)
    const heal = { firstWait: 2, longestWait: 4 }
    const client = await Client.open(connector, { revision: '2026-07-28', heal, cache: false, ...options })
    return new Scene(server, web, client, gate)
  }

  turnAway(how: 'cut' | number, times: number): void {
    this.#gate.turnAway = how
    this.#gate.left = times
  }

  /** Refuses everything from now on, as somebody who is there. */
  refuse(): void {
    this.#gate.refuses = true
  }

  /** Ends every stream that is open. */
  cut(): void {
    this.#web.closeAllConnections()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.close()
    this.#web.closeAllConnections()
    await new Promise(resolve => this.#web.close(resolve))
    await this.server.close()
  }
}

for (const how of ['cut', 502, 503, 504] as const) {
  test(`a request that was repeated is told as over any other transport: ${how}`, async () => {
    await using scene = await Scene.open()
    scene.turnAway(how, 2)
    await scene.client.read('note://one')
    assert.equal(scene.told, ['reconnect.scheduled 1', 'reconnect.scheduled 2', 'connection.restored 2 2026-07-28'])
    await scene.client.read('note://one')
    assert.is(scene.told.length, 3)
  })
}

test('an answer is one, too, when it refuses: the way is open again', async () => {
  await using scene = await Scene.open()
  for (const [turnAway, refused] of [
    ['cut', () => scene.client.read('note://none')],
    [503, () => scene.client.prompt('none')],
    ['cut', () => scene.client.read('note://guarded')],
  ] as const) {
    scene.told.length = 0
    scene.turnAway(turnAway, 2)
    await refused().then(
      () => assert.unreachable(),
      () => {},
    )
    assert.equal(scene.told, ['reconnect.scheduled 1', 'reconnect.scheduled 2', 'connection.restored 2 2026-07-28'])
    await scene.client.read('note://one')
    assert.is(scene.told.length, 3, 'told once')
  }
})

test('an error that no server answered heals nothing, and whoever gives up while told of the break ends nothing but its request', async () => {
  await using scene = await Scene.open()
  scene.turnAway('cut', 1)
  const stop = new AbortController()
  scene.client.on('reconnect.scheduled', () => stop.abort())
  await scene.client.read('note://one', { signal: stop.signal }).then(
    () => assert.unreachable(),
    () => {},
  )
  assert.equal(scene.told, ['reconnect.scheduled 1'])
})

test('a subscription that is refused when it comes back has been answered', async () => {
  await using scene = await Scene.open()
  const news = scene.client.listen({ tools: true })
  await news.ready
  const restored = new Promise<void>(resolve => void scene.client.on('connection.restored', () => resolve()))
  scene.refuse()
  scene.cut()
  await restored
  assert.equal(scene.told, ['reconnect.scheduled 1', 'connection.restored 1 2026-07-28'])
})

test('many requests that break at once are told as one outage', async () => {
  await using scene = await Scene.open()
  scene.turnAway('cut', 10)
  await Promise.all(Array.from({ length: 10 }, () => scene.client.read('note://one')))
  assert.is(scene.told.filter(each => each === 'reconnect.scheduled 1').length, 1)
  assert.is(scene.told.filter(each => each.startsWith('connection.restored')).length, 1)
})

test('when all attempts are used up that is told, and the next answer tells that there is a way again', async () => {
  await using scene = await Scene.open({ heal: { firstWait: 1, longestWait: 1, attempts: 2 } })
  scene.turnAway('cut', 2)
  await scene.client.read('note://one').then(
    () => assert.unreachable(),
    () => {},
  )
  assert.equal(scene.told, ['reconnect.scheduled 1', 'connection.lost'])
  await scene.client.read('note://one')
  assert.is(scene.told.at(-1), 'connection.restored 1 2026-07-28')
})

test('a server that is only busy is asked again, and nothing is said to be broken', async () => {
  await using scene = await Scene.open()
  scene.turnAway(429, 1)
  await scene.client.read('note://one')
  assert.equal(scene.told, [])
})

test('what is not repeated heals nothing, and tells nothing but its error', async () => {
  await using scene = await Scene.open()
  scene.turnAway('cut', 1)
  await scene.client.call('pay').then(
    () => assert.unreachable(),
    (cause: { code?: string }) => assert.is(cause.code, 'OUTCOME_UNKNOWN'),
  )
  await scene.client.read('note://one')
  assert.equal(scene.told, [])
})

test('a subscription that broke and stands again is told too', async () => {
  await using scene = await Scene.open()
  const news = scene.client.listen({ tools: true })
  await news.ready
  const restored = new Promise<void>(resolve => void scene.client.on('connection.restored', () => resolve()))
  scene.cut()
  await restored
  assert.equal(scene.told, ['reconnect.scheduled 1', 'connection.restored 1 2026-07-28'])
  assert.equal((await news.next()).value, { kind: 'tools', missed: true })
})

test.run()
