/** A server on a pair of streams in this process: how it writes, when it waits, how it ends. */
import { PassThrough, Writable } from 'node:stream'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Head, Link, Listener } from '@oarlock/protocol'
import { stdio } from '@oarlock/stdio'
import { BareService, flood } from './service.ts'

const test = suite('stdio on streams')

const request = (id: number, method: string, params: object = {}) => `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`

/** An output whose reader takes nothing until told to. */
class Sink extends Writable {
  readonly chunks: string[] = []
  stuck = false
  #go: (() => void) | undefined

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.chunks.push(String(chunk))
    if (this.stuck) this.#go = done
    else done()
  }

  release(): void {
    this.stuck = false
    this.#go?.()
  }

  get lines(): string[] {
    return this.chunks.join('').trimEnd().split('\n')
  }
}

async function serve(options: { maxBacklog?: number } = {}) {
  const service = new BareService()
  const input = new PassThrough({ highWaterMark: 1 << 20 })
  const output = new Sink()
  const listener = (await stdio({ input, output, ...options }).listen(service)) as Listener & { ended: Promise<void> }
  return { service, input, output, listener }
}

const turn = () => new Promise(resolve => void setImmediate(resolve))

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn()
}

test('the answers of one turn of the event loop leave in one write', async () => {
  const { input, output, listener } = await serve()
  input.write(Array.from({ length: 64 }, (_, id) => request(id, 'echo')).join(''))
  await until(() => output.chunks.length > 0)
  assert.is(output.chunks.length, 1)
  assert.is(output.lines.length, 64)
  await listener.close()
})

test('much at once is not collected to the end of the turn', async () => {
  const { input, output, listener } = await serve()
  input.write(Array.from({ length: 10 }, (_, id) => request(id, 'echo', { text: 'x'.repeat(30_000) })).join(''))
  await until(() => output.lines.length === 10)
  assert.ok(output.chunks.length >= 3 && output.chunks.length <= 5, `${output.chunks.length} writes`)
  await listener.close()
})

test('S-STD-12: while the client does not read, nothing more is read from it, and afterwards all is answered', async () => {
  const { service, input, output, listener } = await serve()
  output.stuck = true
  const big = { text: 'x'.repeat(100_000) }
  input.write(request(0, 'echo', big))
  await until(() => output.chunks.length === 1)
  for (let id = 1; id <= 50; id++) {
    input.write(request(id, 'echo', big))
    await turn()
  }
  assert.ok(service.received.length < 10, `${service.received.length} read`)
  output.release()
  await until(() => output.lines.length === 51)
  assert.is(service.received.length, 51)
  await listener.close()
})

test('row 18: a client that does not read while notices pile up is given up at the limit', async () => {
  const { service, output, listener } = await serve({ maxBacklog: 1_000_000 })
  output.stuck = true
  const [link] = service.links
  for (let i = 0; i < 100; i++) link?.send({ kind: 'notice', text: 'x'.repeat(100_000) })
  await listener.ended
  assert.match(String(service.ends[0]), 'The client does not read: more than 1000000 characters wait for it')
  assert.ok(output.chunks.join('').length < 1_000_000)
})

test('one message larger than the limit is sent all the same', async () => {
  const { service, output, listener } = await serve({ maxBacklog: 1000 })
  await flood(service.links[0] as Link, 1, 5000)
  await until(() => output.chunks.join('').length > 5000)
  await listener.close()
})

test('who waits for the client is let go when the connection ends', async () => {
  const { service, output, listener } = await serve()
  output.stuck = true
  const flooded = flood(service.links[0] as Link, 1000, 10_000)
  await until(() => output.chunks.length > 0)
  output.destroy(new Error('gone'))
  await listener.ended
  await flooded
  assert.match(String(service.ends[0]), 'gone')
})

test('at the end of input the receiver is told, and what has no end is finished by it', async () => {
  const { service, input, output, listener } = await serve()
  input.end(request(1, 'subscribe'))
  await listener.ended
  assert.equal(output.lines, ['{"jsonrpc":"2.0","id":1,"result":{"drained":true}}'])
  assert.equal(service.ends, [undefined])
})

test('an input that breaks ends the connection with its cause', async () => {
  const { service, input, listener } = await serve()
  input.destroy(new Error('broken'))
  await listener.ended
  assert.equal(service.ends.map(String), ['Error: broken'])
})

test('the service can end the connection, after what it sent before', async () => {
  const { service, input, output, listener } = await serve()
  const [link] = service.links
  void link?.send({ kind: 'notice', text: '"last"' })
  link?.close('reason')
  void link?.send({ kind: 'notice', text: '"too late"' })
  input.write(request(1, 'echo'))
  await listener.ended
  assert.equal(output.lines, ['"last"'])
  assert.equal([service.received, service.ends], [[], ['reason']])
  await listener.close()
  assert.is(service.ends.length, 1)
})

test('an input serves one connection at a time', async () => {
  const { service, input, listener } = await serve()
  const again = () => stdio({ input, output: new Sink() }).listen(service)
  assert.throws(again, /is being served already/)
  await listener.close()
  const second = await again()
  await second.close()
})

test('streams that are given do not make the process listen to signals or divert its output', async () => {
  const before = process.listenerCount('SIGTERM')
  const { listener } = await serve()
  assert.is(process.listenerCount('SIGTERM'), before)
  assert.not(Object.hasOwn(process.stdout, 'write'))
  await listener.close()
})

test('requests act for whom the host names, and for nobody otherwise', async () => {
  for (const principal of [undefined, { id: 'ada', roles: ['owner'] }]) {
    const seen: Head[] = []
    const service = new (class extends BareService {
      override connect(link: Link, head?: Head) {
        seen.push(head as Head)
        return super.connect(link)
      }
    })()
    const input = new PassThrough()
    const listener = await stdio({ input, output: new Sink(), ...(principal === undefined ? {} : { principal }) }).listen(service)
    assert.equal(seen[0]?.principal, principal)
    assert.is(seen[0]?.transport, 'stdio')
    await listener.close()
  }
})

test.run()
