/** Sessions over HTTP as official clients live them: streams that break, answers that come later, the end. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { failureOf, type Guest, happened, newKey, textOf } from './served/guest.ts'
import { guestV1, httpV1 } from './served/guest-v1.ts'
import { guestV2, httpV2 } from './served/guest-v2.ts'
import { type Listening, listening } from './served/http.ts'
import { resumes, Wire } from './served/wire.ts'

const test = suite('server, sessions of official clients')

let served: Listening
test.before(async () => {
  served = await listening()
})
test.after(() => served.server.close())

interface Visit {
  readonly guest: Guest
  readonly wire: Wire
  /** Ends the session by DELETE, as the SDK's transport does. */
  terminate(): Promise<void>
}

const SDKS: Readonly<Record<string, (wire?: Wire) => Promise<Visit>>> = {
  'SDK v1': async (wire = new Wire()) => {
    const transport = httpV1(served.url, wire.fetch)
    return { guest: await guestV1(transport), wire, terminate: () => transport.terminateSession() }
  },
  'SDK v2': async (wire = new Wire()) => {
    const transport = httpV2(served.url, wire.fetch)
    return { guest: await guestV2(transport, '2025-11-25'), wire, terminate: () => transport.terminateSession() }
  },
}

for (const [name, visit] of Object.entries(SDKS)) {
  test(`${name}: a session is opened once, and every later request is in it`, async () => {
    const { guest, wire } = await visit()
    await guest.call('greet', { name: 'Ada' })
    await wire.until(({ method }) => method === 'GET')
    const [opening, ...later] = wire.all.map(({ headers }) => headers.get('mcp-session-id'))
    assert.is(opening, null)
    assert.ok(later.length >= 3)
    assert.is(new Set(later).size, 1)
    assert.match(later[0] ?? '', /^[\x21-\x7e]{22,}$/)
    await guest.client.close()
  })

  test(`${name}: what is answered at once is JSON, and a stream only where something comes before the answer`, async () => {
    const { guest, wire } = await visit()
    await guest.call('greet', { name: 'Ada' })
    assert.is(wire.all.at(-1)?.type, 'application/json')
    await guest.call('log')
    assert.is(wire.all.findLast(({ method }) => method === 'POST')?.type, 'text/event-stream')
    await guest.client.close()
  })

  test(`${name}: DELETE ends the session, and what it was waiting for`, async () => {
    const { guest, wire, terminate } = await visit()
    const key = newKey()
    const closed = new Promise(resolve => void served.server.on('session.closed', resolve))
    const call = failureOf(guest.call('wait', { key }))
    await happened(guest, key, 'waiting')
    await terminate()
    await closed
    assert.is(wire.all.find(({ method }) => method === 'DELETE')?.status, 200)
    await guest.client.close()
    await call
    const other = await visit()
    await happened(other.guest, key, 'aborted')
    await other.guest.client.close()
  })

  test(`${name}: a session that the server ended answers 404`, async () => {
    const { guest, wire } = await visit()
    const { url } = served
    await guest.call('greet', { name: 'Ada' })
    const id = wire.all.at(-1)?.headers.get('mcp-session-id') ?? ''
    await fetch(url, { method: 'DELETE', headers: { 'mcp-session-id': id } })
    await failureOf(guest.call('greet', { name: 'Ada' }))
    assert.is(wire.all.findLast(({ method }) => method === 'POST')?.status, 404)
    await guest.client.close()
  })

  test(`${name}: the client comes back for an answer that was left for later`, async () => {
    const { guest, wire } = await visit()
    assert.is(textOf(await guest.call('come-back')), 'welcome back')
    assert.is(wire.all.filter(resumes).length, 1)
    await guest.client.close()
  })

  test(`${name}: an answer whose stream broke is taken up where it broke`, async () => {
    const { guest, wire } = await visit()
    const key = newKey()
    const seen: unknown[] = []
    let cut = false
    const call = guest.call(
      'steps',
      { key, count: 3 },
      {
        onprogress: ({ progress }) => {
          seen.push(progress)
          if (cut) return
          cut = true
          wire.all.findLast(({ type }) => type === 'text/event-stream')?.cut()
        },
      },
    )
    await wire.until(resumes)
    await guest.call('nod', { key })
    assert.is(textOf(await call), '3 steps')
    assert.equal(seen, [1, 2, 3])
    await guest.client.close()
  })

  test(`${name}: news that came before the client listens are told when it does`, async () => {
    let listen: () => void = () => {}
    const listening = new Promise<void>(resolve => void (listen = resolve))
    const { guest } = await visit(new Wire(method => (method === 'GET' ? listening : undefined)))
    const key = newKey()
    const uri = `board://${key}`
    await guest.client.subscribeResource({ uri })
    await guest.call('touch', { uri })
    // Subscribed by another, so that it is known to have been told before the first one listens.
    const other = await visit()
    await other.guest.client.subscribeResource({ uri })
    await other.guest.call('touch', { uri })
    await other.guest.news.until('notifications/resources/updated')
    listen()
    await guest.news.until('notifications/resources/updated', params => params['uri'] === uri)
    await guest.client.close()
    await other.guest.client.close()
  })

  test(`${name}: news that came while the client was away are told when it is back`, async () => {
    const { guest, wire } = await visit()
    const stream = await wire.until(({ method }) => method === 'GET')
    const key = newKey()
    await guest.client.subscribeResource({ uri: `board://${key}` })
    await guest.call('touch', { uri: `board://${key}` })
    await guest.news.until('notifications/resources/updated', ({ uri }) => uri === `board://${key}`)
    stream.cut()
    await guest.client.subscribeResource({ uri: `board://${key}2` })
    await guest.call('touch', { uri: `board://${key}2` })
    await guest.news.until('notifications/resources/updated', ({ uri }) => uri === `board://${key}2`)
    assert.is(wire.all.filter(resumes).length, 1)
    assert.is(guest.news.of('notifications/resources/updated').length, 2, 'nothing is told twice')
    await guest.client.close()
  })

  test(`${name}: after a cancelled call the client is not kept coming back for its answer`, async () => {
    const { guest, wire } = await visit()
    const key = newKey()
    const controller = new AbortController()
    const call = failureOf(guest.call('wait', { key, aloud: true }, { signal: controller.signal }))
    await guest.news.until('notifications/message')
    controller.abort('enough')
    await call
    assert.is((await wire.until(resumes)).status, 204)
    for (let turn = 0; turn < 50; turn++) await guest.call('greet', { name: 'Ada' })
    assert.is(wire.all.filter(resumes).length, 1)
    assert.equal(guest.errors, [])
    await guest.client.close()
  })

  test(`${name}: after an error at the end of a stream the client is not kept coming back`, async () => {
    const { guest, wire } = await visit()
    const key = newKey()
    const refused = await failureOf(guest.call('permit', { key, aloud: true }))
    assert.is(refused['code'], -32042)
    // The SDK v1 does not take an error for an answer.
    if (guest.sdk === 'v1') assert.is((await wire.until(resumes)).status, 204)
    for (let turn = 0; turn < 50; turn++) await guest.call('greet', { name: 'Ada' })
    assert.is(wire.all.filter(resumes).length, guest.sdk === 'v1' ? 1 : 0)
    assert.equal(guest.errors, [])
    await guest.client.close()
  })
}

test.run()
