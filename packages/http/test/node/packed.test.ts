/** Pages that are sent again and again leave in gzip for whoever takes it, and are what they would be without. */
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import zlib, { crc32, gunzipSync } from 'node:zlib'
import { type Exchange, Ready, type RequestMessage, type Running, spliceResult, textOf, type StatelessVerdict } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { toNode, type EndpointOptions } from '../../src/index.ts'
import { crcAfter, crcShift } from '../../src/node/crc.ts'
import { type Open, serveBehind } from '../doors.ts'
import { TestService } from '../service.ts'

const test = suite('packed')

const opened: Open[] = []
test.after.each(async () => {
  for (const door of opened.splice(0)) await door.close()
})

const page = (of: number, note = 'déjà vu 日本'): Ready =>
  new Ready(JSON.stringify({ tools: Array.from({ length: of }, (_, index) => ({ name: `tool-${index}`, note })), resultType: 'complete' }))

/** Answers every request with a page that was ready before. */
class PageService extends TestService {
  page = page(200)
  took = (): void => {}

  override exchange(exchange: Exchange, { id }: RequestMessage, _verdict: StatelessVerdict): Running | undefined {
    this.took()
    const spliced = spliceResult(id, this.page)
    exchange.answer(textOf(spliced), 200, undefined, spliced)
    return undefined
  }
}

async function open(
  service: TestService,
  options: EndpointOptions = {},
  front: (req: IncomingMessage, res: ServerResponse) => void = () => {},
): Promise<number> {
  const served = await serveBehind(service, front, options)
  opened.push(served)
  return served.port
}

const HEADERS = {
  'Content-Type': 'application/json',
  Accept: 'application/json, text/event-stream',
  'MCP-Protocol-Version': '2026-07-28',
  'Mcp-Method': 'tools/list',
}

const bodyOf = (id: unknown): string =>
  JSON.stringify({
    jsonrpc: '2.0',
    id,
    method: 'tools/list',
    params: {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': {},
        'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1.0.0' },
      },
    },
  })

interface Got {
  readonly coding: string | undefined
  readonly headers: Headers
  /** As it came over the wire. */
  readonly bytes: Buffer
}

/** Asks once, decoding nothing. */
async function get(port: number, id: unknown, accepts: string | undefined): Promise<Got> {
  const body = bodyOf(id)
  const headers = {
    ...HEADERS,
    'Content-Length': Buffer.byteLength(body),
    ...(accepts === undefined ? {} : { 'Accept-Encoding': accepts }),
  }
  return new Promise((resolve, reject) => {
    const req = request({ port, host: '127.0.0.1', path: '/mcp', method: 'POST', headers, agent: false }, res => {
      const pieces: Buffer[] = []
      res.on('data', piece => pieces.push(piece))
      res.on('end', () => {
        const bytes = Buffer.concat(pieces)
        assert.is(Number(res.headers['content-length']), bytes.length)
        resolve({ coding: res.headers['content-encoding'], headers: new Headers(res.headers as Record<string, string>), bytes })
      })
    })
    req.on('error', reject)
    req.end(body)
  })
}

/** Asks until the page is packed. */
async function whenPacked(port: number): Promise<Got> {
  const until = performance.now() + 10_000
  for (;;) {
    const got = await get(port, 'again', 'gzip')
    if (got.coding === 'gzip') return got
    if (performance.now() > until) throw new Error('The page was never packed')
  }
}

/** How often something is packed while `work` goes on, and how many at once at most. */
async function packing(work: () => Promise<void>): Promise<{ packs: number; atOnce: number }> {
  const real = zlib.deflateRaw
  let packs = 0
  let running = 0
  let atOnce = 0
  zlib.deflateRaw = ((bytes: Uint8Array, options: zlib.ZlibOptions, done: zlib.CompressCallback) => {
    packs += 1
    running += 1
    atOnce = Math.max(atOnce, running)
    real(bytes, options, (...result) => {
      running -= 1
      done(...result)
    })
  }) as typeof real
  try {
    await work()
  } finally {
    zlib.deflateRaw = real
  }
  return { packs, atOnce }
}

const IDS = [0, 1, -7, 123_456_789, '', 'a', 'with "quotes" and \\ and \u0000', 'x'.repeat(200), 'größe', '日本']

test('a page is the same in gzip, for every id', async () => {
  const service = new PageService()
  const port = await open(service)
  const { bytes } = await whenPacked(port)
  assert.ok(bytes.length < service.page.text.length / 5, `${bytes.length} bytes of ${service.page.text.length}`)
  for (const id of IDS) {
    const { coding, bytes } = await get(port, id, 'gzip, deflate')
    assert.is(coding, 'gzip', String(id))
    // It checks length and checksum, and that nothing follows.
    assert.is(gunzipSync(bytes).toString(), textOf(spliceResult(id, service.page)))
  }
})

test('fetch reads it without knowing', async () => {
  const service = new PageService()
  const port = await open(service)
  await whenPacked(port)
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST', headers: HEADERS, body: bodyOf(8) })
  assert.is(response.headers.get('content-encoding'), 'gzip')
  assert.equal(await response.json(), JSON.parse(textOf(spliceResult(8, service.page))))
})

test('a page of more than 64 KiB is the same too', async () => {
  const service = new PageService()
  service.page = page(5000)
  assert.ok(service.page.ending.length > 200_000)
  const port = await open(service)
  const { bytes } = await whenPacked(port)
  assert.is(gunzipSync(bytes).toString(), textOf(spliceResult('again', service.page)))
})

// As adapters for cloud functions do, and loggers of bodies: what is written is taken for UTF-8 or bytes, whatever encoding is named with it.
test('whoever gathers what is written, and forgets its encoding, has the same bytes', async () => {
  const service = new PageService()
  const gathered: Buffer[] = []
  const port = await open(service, {}, (_, res) => {
    gathered.length = 0
    const gather = (name: 'write' | 'end'): void => {
      const real = res[name].bind(res) as (...all: unknown[]) => never
      res[name] = (...all: unknown[]) => {
        if (all[0] !== undefined) gathered.push(Buffer.from(all[0] as string))
        return real(...all)
      }
    }
    gather('write')
    gather('end')
  })
  await whenPacked(port)
  const { coding, bytes } = await get(port, 'größe', 'gzip')
  assert.is(coding, 'gzip')
  assert.equal(Buffer.concat(gathered), bytes)
})

test('a door that is told not to packs nothing', async () => {
  const service = new PageService()
  const port = await open(service, { gzip: false })
  const { packs } = await packing(async () => {
    for (let count = 0; count < 5; count += 1) assert.is((await get(port, count, 'gzip')).coding, undefined)
  })
  assert.is(packs, 0)
})

const ACCEPTED: readonly (readonly [string | undefined, boolean])[] = [
  [undefined, false],
  ['', false],
  ['gzip', true],
  ['GZIP', true],
  ['x-gzip', true],
  ['deflate, br', false],
  ['br;q=1.0, gzip;q=0.8, *;q=0.1', true],
  ['*', true],
  ['*;q=0', false],
  ['gzip;q=0', false],
  ['gzip;q=0.000', false],
  ['gzip;q=0, *', false],
  ['identity, gzip;q=0.5', false],
  ['identity;q=0.5, gzip', true],
  ['identity', false],
  ['gzipped', false],
  ['gzip;level=9', false],
  ['gzip;q=0.85', true],
  ['gzip;q=0.85, identity;q=0.9', false],
  ['gzip;q=0.5, *;q=1', false],
  ['gzip;q=1.5', false],
  ['gzip;q=1.000', true],
  [`gzip${', x'.repeat(200)}`, false],
]

test('it goes to those alone who take gzip as gladly as anything', async () => {
  const service = new PageService()
  const port = await open(service)
  await whenPacked(port)
  for (const [header, takes] of ACCEPTED) assert.is((await get(port, 1, header)).coding, takes ? 'gzip' : undefined, String(header))
})

test('what is made for one answer, or is small, is not packed', async () => {
  const service = new PageService()
  const port = await open(service)
  const { packs } = await packing(async () => {
    for (let count = 0; count < 10; count += 1) {
      service.page = page(200)
      assert.is((await get(port, count, 'gzip')).coding, undefined)
    }
    service.page = page(10, 'small')
    for (let count = 0; count < 10; count += 1) assert.is((await get(port, count, 'gzip')).coding, undefined)
  })
  assert.is(packs, 0)
})

test('a page is packed once, and one at a time', async () => {
  const service = new PageService()
  const port = await open(service)
  const [first, second] = [page(20_000), page(20_000, 'other')]
  // Each has been asked for once before.
  for (const each of [first, second]) {
    service.page = each
    await get(port, 0, 'gzip')
  }
  const { packs, atOnce } = await packing(async () => {
    const answers: Promise<Got>[] = []
    for (const each of [first, second, first, second]) {
      service.page = each
      answers.push(get(port, 1, 'gzip'))
      // The page is taken when the request arrives.
      await new Promise<void>(resolve => (service.took = resolve))
    }
    await Promise.all(answers)
    for (const each of [first, second]) {
      service.page = each
      await whenPacked(port)
    }
  })
  assert.is(packs, 2)
  assert.is(atOnce, 1)
})

test('headers of the door and of others are kept', async () => {
  const service = new PageService()
  const options = { allowedOrigins: ['https://app.example'] }
  const port = await open(service, options, (_, res) => res.setHeader('X-Other', 'of somebody'))
  await whenPacked(port)
  const response = await fetch(`http://127.0.0.1:${port}/mcp`, {
    method: 'POST',
    headers: { ...HEADERS, Origin: 'https://app.example' },
    body: bodyOf(8),
  })
  assert.is(response.headers.get('content-encoding'), 'gzip')
  assert.is(response.headers.get('x-other'), 'of somebody')
  assert.is(response.headers.get('access-control-allow-origin'), 'https://app.example')
  assert.is(response.headers.get('cache-control'), 'no-store')
  assert.equal(await response.json(), JSON.parse(textOf(spliceResult(8, service.page))))
})

test('over HTTP/2 it is the same', async () => {
  const service = new PageService()
  await whenPacked(await open(service))
  const door = toNode(service)
  const server = createHttp2Server((req, res) => door(req as never, res as never))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const client = connectHttp2(`http://127.0.0.1:${port}`)
  try {
    const stream = client.request({ ':method': 'POST', ':path': '/mcp', 'accept-encoding': 'gzip', ...lowered(HEADERS) })
    const head = new Promise<Record<string, unknown>>(resolve => stream.once('response', resolve))
    stream.end(bodyOf('second'))
    const pieces: Buffer[] = []
    for await (const piece of stream) pieces.push(piece as Buffer)
    assert.is((await head)['content-encoding'], 'gzip')
    assert.is(gunzipSync(Buffer.concat(pieces)).toString(), textOf(spliceResult('second', service.page)))
  } finally {
    client.close()
    door.close()
    await new Promise(resolve => server.close(resolve))
  }
})

const lowered = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

test('checksums of parts make that of the whole', () => {
  for (let length = 0; length < 300; length += 1) {
    const whole = Buffer.from(Array.from({ length }, (_, at) => (at * 2_654_435_761 + length * 40_503) >>> 11))
    const cut = (length * 7) % (length + 1)
    const [first, second] = [whole.subarray(0, cut), whole.subarray(cut)]
    assert.is(crcAfter(crc32(first), crcShift(second.length), crc32(second)), crc32(whole), `${cut} of ${length}`)
  }
  const large = Buffer.alloc(3_000_001, 'large')
  assert.is(crcAfter(crc32('id'), crcShift(large.length), crc32(large)), crc32(Buffer.concat([Buffer.from('id'), large])))
})

test.run()
