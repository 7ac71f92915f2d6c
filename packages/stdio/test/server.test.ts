/** A server on standard input and output, in a process of its own. */
import { mkdtempSync, openSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { numbersOf } from '@oarlock/protocol'
import type { StdioOptions } from '../src/index.ts'
import { fromSource, Peer } from './peer.ts'

const test = suite('stdio server')

const start = (options: StdioOptions = {}, node: string[] = []) =>
  new Peer([...node, ...fromSource('server.ts')], { OPTIONS: JSON.stringify(options) })
const ready = (peer: Peer) => peer.until(() => peer.errors.includes('READY'))
const count = (text: string, part: string) => text.split(part).length - 1

test('S-STD-01: each answer is one line of UTF-8 without a byte order mark, whatever the text in it', async () => {
  const peer = start()
  const text = 'line\nbreak \r\n and \u2028 and 🦀 and é and \ufeff'
  peer.request(1, 'echo', { text })
  assert.equal(await peer.next(), { jsonrpc: '2.0', id: 1, result: { text } })
  assert.equal(await peer.end(), [0, null])
  assert.is(count(peer.output, '\n'), 1)
  assert.ok(peer.output.startsWith('{'))
})

test('S-STD-04: CRLF, blank lines, characters cut in two, and a last line without a newline are read', async () => {
  const peer = start()
  const crab = Buffer.from('{"jsonrpc":"2.0","id":2,"method":"echo","params":{"text":"🦀"}}\r\n')
  peer.write('\ufeff{"jsonrpc":"2.0","id":1,"method":"echo"}\r\n\r\n\n  \n')
  peer.write(crab.subarray(0, 61))
  assert.is((await peer.next())['id'], 1)
  peer.write(crab.subarray(61))
  assert.equal((await peer.next())['result'], { text: '🦀' })
  peer.write('{"jsonrpc":"2.0","id":3,"method":"echo"}')
  assert.equal(await peer.end(), [0, null])
  assert.is((await peer.next())['id'], 3)
})

test('S-STD-05: lines that are no messages are answered with an error without id, and reading goes on', async () => {
  const peer = start()
  peer.write('nonsense\n')
  peer.write(Buffer.from([0x22, 0xff, 0x22, 0x0a]))
  peer.write('{"jsonrpc":"1.0","id":7,"method":"echo"}\n')
  const answers = [await peer.next(), await peer.next(), await peer.next()] as { id?: number; error: { code: number } }[]
  assert.equal(
    answers.map(({ id, error }) => [id, error.code]),
    [
      [undefined, -32700],
      [undefined, -32700],
      [7, -32600],
    ],
  )
  assert.not('id' in (answers[0] ?? {}))
  peer.request(8, 'echo')
  assert.is((await peer.next())['id'], 8)
  assert.equal(await peer.end(), [0, null])
})

test('T24: a line over the limit is answered, costs no memory to speak of, and reading goes on', async () => {
  const peer = start({ maxMessageBytes: 100_000 }, ['--expose-gc'])
  peer.request(1, 'rss')
  const before = ((await peer.next())['result'] as { rss: number }).rss
  const chunk = Buffer.alloc(1 << 20, 'x')
  for (let i = 0; i < 256; i++) peer.write(chunk)
  peer.write('\n')
  const { error } = (await peer.next()) as { error: { code: number; message: string } }
  assert.is(error.code, -32000)
  assert.match(error.message, '268435456 bytes is too large; at most 100000')
  peer.request(2, 'rss')
  const after = ((await peer.next())['result'] as { rss: number }).rss
  assert.ok(after - before < 100 << 20, `grew by ${(after - before) >> 20} MiB`)
  await peer.end()
})

test('S-STD-13: requests are served at the same time, and answered when they are done', async () => {
  const peer = start()
  peer.request(1, 'later', { ms: 50 })
  peer.request(2, 'echo')
  assert.is((await peer.next())['id'], 2)
  assert.is((await peer.next())['id'], 1)
  await peer.end()
})

test('T29: what is printed goes to standard error, after one warning that says where it came from', async () => {
  const peer = start()
  peer.request(1, 'print', { n: 1 })
  assert.equal((await peer.next())['result'], { printed: true })
  peer.request(2, 'print', { n: 2 })
  assert.is((await peer.next())['id'], 2)
  assert.equal(await peer.end(), [0, null])
  assert.is(count(peer.output, '\n'), 2)
  assert.is(count(peer.errors, '[oarlock] Standard output carries the protocol'), 1)
  assert.match(peer.errors, /First printed at .*fixtures\/server\.ts/)
  for (const text of [
    'from console.log { n: 1 }',
    'from console.log { n: 2 }',
    'from console.info',
    'from stdout.write',
    'from stdout.end',
  ]) {
    assert.ok(peer.errors.includes(text), text)
  }
})

test('T29: output can be diverted before anything else is loaded', async () => {
  const peer = new Peer(fromSource('server.ts'), { EARLY: '' })
  peer.request(1, 'print')
  assert.is((await peer.next())['id'], 1)
  assert.equal(await peer.end(), [0, null])
  assert.match(peer.errors, /^\[oarlock\] .*\nearly\n/)
  assert.is(count(peer.errors, '[oarlock]'), 1)
})

test('T29: close gives standard output back', async () => {
  const peer = start()
  peer.request(1, 'echo')
  peer.request(2, 'close')
  assert.is((await peer.next())['id'], 1)
  assert.equal(await peer.exit, [0, null])
  assert.ok(peer.output.endsWith('after close\nfor real\n'))
  assert.not(peer.errors.includes('[oarlock]'))
})

test('S-STD-09: at the end of input, what is under way is answered, and the process ends with code 0', async () => {
  const peer = start()
  peer.request(1, 'later', { ms: 100 })
  assert.equal(await peer.end(), [0, null])
  assert.is((await peer.next())['id'], 1)
})

test('S-STD-09: input that ends before anything was asked ends the process', async () => {
  assert.equal(await start().end(), [0, null])
})

test('S-STD-09: input that comes from a file is served to its end', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'oarlock-')), 'input')
  writeFileSync(file, '{"jsonrpc":"2.0","id":1,"method":"echo"}\n{"jsonrpc":"2.0","id":2,"method":"later","params":{"ms":20}}')
  const peer = new Peer(fromSource('server.ts'), {}, openSync(file, 'r'))
  assert.equal([(await peer.next())['id'], (await peer.next())['id']], [1, 2])
  assert.equal(await peer.exit, [0, null])
})

test('S-STD-09: work that never ends does not keep the connection past the limit', async () => {
  const peer = start({ finishTimeout: '50ms' })
  peer.request(1, 'hang')
  await ready(peer)
  assert.equal(await peer.end(), [0, null])
  assert.match(peer.errors, 'ENDED')
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`S-STD-10: ${signal} lets work finish, answers it, and ends with code 0`, async () => {
    const peer = start()
    peer.request(1, 'later', { ms: 200 })
    peer.request(2, 'hang-busy')
    peer.request(3, 'echo')
    assert.is((await peer.next())['id'], 3)
    peer.child.kill(signal)
    assert.is((await peer.next())['id'], 1)
    peer.child.kill(signal)
    assert.equal(await peer.exit, [signal === 'SIGTERM' ? 143 : 130, null])
  })
}

test('S-STD-10: while work finishes after a signal, what is new is refused, and the client is still heard', async () => {
  const peer = start()
  peer.request(1, 'later', { ms: 400 })
  peer.request(2, 'subscribe')
  peer.request(3, 'echo')
  assert.is((await peer.next())['id'], 3)
  peer.child.kill('SIGTERM')
  assert.equal(await peer.next(), { jsonrpc: '2.0', id: 2, result: { drained: true } })
  peer.request(4, 'echo')
  const refused = (await peer.next()) as { id: number; error: { code: number; message: string } }
  assert.equal([refused.id, refused.error.code], [4, numbersOf('SHUTTING_DOWN').code])
  assert.match(refused.error.message, /shutting down/i)
  peer.write('{"jsonrpc":"2.0","method":"heard"}\n')
  assert.is((await peer.next())['id'], 1)
  assert.equal(await peer.exit, [0, null])
  assert.match(peer.errors, 'HEARD heard')
})

test('S-STD-10: a signal ends a process that has nothing to do, though other things keep it', async () => {
  const peer = start({ finishTimeout: 20 })
  peer.request(1, 'hang-busy')
  peer.request(2, 'echo')
  assert.is((await peer.next())['id'], 2)
  peer.child.kill('SIGTERM')
  assert.equal(await peer.exit, [0, null])
})

test('S-STD-10: a signal after the end of input ends the process at once', async () => {
  const peer = start()
  peer.request(1, 'hang-busy')
  peer.request(2, 'echo')
  await peer.next()
  peer.child.stdin?.end('{"jsonrpc":"2.0","id":3,"method":"echo"}')
  assert.is((await peer.next())['id'], 3)
  peer.child.kill('SIGTERM')
  assert.equal(await peer.exit, [0, null])
})

test('signals are left alone when asked: then they end the process as they always do', async () => {
  const peer = start({ signals: false })
  await ready(peer)
  peer.child.kill('SIGTERM')
  assert.equal(await peer.exit, [null, 'SIGTERM'])
})

test('S-STD-10: a client that stops reading and goes away ends the server without an exception', async () => {
  const peer = start()
  peer.request(1, 'echo')
  await peer.next()
  peer.child.stdout?.destroy()
  peer.child.stderr?.removeAllListeners('data')
  peer.child.stderr?.resume()
  for (let id = 2; id < 50; id++) peer.request(id, 'print')
  assert.equal(await peer.exit, [0, null])
})

test('S-STD-10: nor does it matter that standard error went away too', async () => {
  const peer = start()
  peer.request(1, 'echo')
  await peer.next()
  peer.child.stdout?.destroy()
  peer.child.stderr?.destroy()
  for (let id = 2; id < 50; id++) peer.request(id, 'print')
  assert.equal(await peer.exit, [0, null])
})

test('S-STD-12: a sender that outruns the client waits for it; memory stays bounded and nothing is lost', async () => {
  const peer = start()
  peer.request(1, 'echo')
  await peer.next()
  peer.child.stdout?.pause()
  peer.request(2, 'flood', { count: 4000, size: 50_000 })
  await new Promise(resolve => {
    peer.child.stdout?.once('readable', resolve)
  })
  let bytes = 0
  let last = ''
  peer.child.stdout?.removeAllListeners('data')
  peer.child.stdout?.on('data', (text: string) => {
    bytes += text.length
    last = (last + text).slice(-200)
    if (last.endsWith('}\n') && last.includes('"id":2')) peer.child.stdin?.end()
  })
  assert.equal(await peer.exit, [0, null])
  assert.ok(bytes > 4000 * 50_000)
  const { rss } = (JSON.parse(last.trim().split('\n').at(-1) ?? '') as { result: { rss: number } }).result
  assert.ok(rss < 200 << 20, `${rss >> 20} MiB`)
})

test.run()
