/** Our example servers as foreign clients meet them: how each is reached, and what it answers. */
import type { Server } from '@oarlock/kernel'
import { http } from '@oarlock/http'
import { pathToFileURL } from 'node:url'
import { type Test, suite } from 'uvu'
import { startExample } from './peers/program.ts'

/** A way to an example that runs. */
export interface Reached {
  /** To be started by the client. */
  readonly command?: readonly string[]
  readonly url?: string
  readonly headers?: Readonly<Record<string, string>>
  close(): unknown
}

/** What an example offers, and one answer of each kind. */
export interface Offers {
  readonly server: string
  readonly tools: readonly string[]
  readonly call: { readonly name: string; readonly args: Readonly<Record<string, unknown>>; readonly text: string }
  readonly resource?: { readonly uri: string; readonly listed: readonly string[]; readonly text: string }
  readonly prompt?: { readonly name: string; readonly args: Readonly<Record<string, string>>; readonly text: string }
}

/** One example over one transport. */
export interface Example {
  readonly title: string
  readonly offers: Offers
  reach(): Promise<Reached>
}

const CALCULATOR: Offers = {
  server: 'calculator',
  tools: ['add'],
  call: { name: 'add', args: { a: 19, b: 23 }, text: '42' },
  resource: { uri: 'calc://squares/12', listed: ['calc://constants', 'calc://squares/{n}'], text: '144' },
  prompt: { name: 'explain', args: { topic: 'sums' }, text: 'Explain sums to a ten-year-old, with one example.' },
}
const TESTED: Offers = {
  server: 'calculator',
  tools: ['add', 'divide', 'learn'],
  call: { name: 'divide', args: { a: 84, b: 2 }, text: '42' },
  resource: { uri: 'calc://constants', listed: ['calc://constants'], text: '{"pi":3.14}' },
  prompt: { name: 'explain', args: { topic: 'pi' }, text: 'Explain pi' },
}
const GREETER: Offers = { server: 'greeter', tools: ['greet'], call: { name: 'greet', args: { name: 'Ada' }, text: 'Hello, Ada!' } }
const SHOP: Offers = {
  server: 'shop',
  tools: ['buy', 'stock'],
  call: { name: 'stock', args: { item: 'tea' }, text: '{"item":"tea","left":3}' },
  resource: { uri: 'shop://offers', listed: ['shop://offers'], text: 'tea at half the price' },
}
const WEATHER: Offers = { server: 'weather', tools: ['now'], call: { name: 'now', args: { city: 'Oslo' }, text: '-4' } }
const CLOCK: Offers = { server: 'clock', tools: ['complain', 'wait'], call: { name: 'wait', args: { n: 3 }, text: 'waited 3' } }
const CONVERT: Offers = {
  server: 'convert',
  tools: ['units'],
  call: { name: 'units', args: { value: 100, from: 'C', to: 'F' }, text: '212' },
}
const SCORE: Offers = {
  server: 'score',
  tools: ['score'],
  call: { name: 'score', args: { points: 0 }, text: 'ada has 0' },
  resource: { uri: 'score://board', listed: ['score://board'], text: '{"ada":0}' },
}

const child = (...args: readonly string[]) => ({ command: [process.execPath, ...process.execArgv, ...args], close: () => {} })
const program = (...args: readonly string[]) => Promise.resolve(child(...args))
const exported = (file: string, factory: string) => program('test/interop/examples-stdio.ts', file, factory)

async function load<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(`examples/${file}`).href)) as T
}

async function listening(file: string, factory: string): Promise<Reached> {
  const made = await load<Record<string, () => Server>>(file)
  const server = made[factory]?.()
  const [listener] = (await server?.listen(http({ port: 0 }))) ?? []
  return { url: listener?.address ?? '', close: () => server?.close() }
}

async function mounted(framework: string): Promise<Reached> {
  const { start } = await load<{ start(): Promise<Reached> }>(`mounting/${framework}.ts`)
  return start()
}

async function opened(file: string, opener: string): Promise<Reached> {
  const module = await load<Record<string, (port: number) => Promise<{ server: Server; url: string }>>>(file)
  const { server, url } = (await module[opener]?.(0)) ?? {}
  return { url: url ?? '', close: () => server?.close() }
}

async function printed(file: string, headers: Readonly<Record<string, string>> = {}): Promise<Reached> {
  const { origin, close } = await startExample(file)
  return { url: `${origin}/mcp`, headers, close }
}

/** Over stdio and over HTTP. */
export const EXAMPLES: readonly Example[] = [
  { title: 'quick-start, stdio', offers: CALCULATOR, reach: () => program('examples/quick-start/stdio.ts') },
  { title: 'quick-start, HTTP', offers: CALCULATOR, reach: () => printed('examples/quick-start/serve.ts') },
  { title: 'testing-uvu, stdio', offers: TESTED, reach: () => exported('examples/testing-uvu/calculator.ts', 'calculator') },
  { title: 'testing-uvu, HTTP', offers: TESTED, reach: () => listening('testing-uvu/calculator.ts', 'calculator') },
  { title: 'testing-node, stdio', offers: CLOCK, reach: () => program('examples/testing-node/clock.ts') },
  { title: 'chat-loop, stdio', offers: WEATHER, reach: () => program('examples/chat-loop/weather.ts') },
  { title: 'chat-loop, HTTP', offers: CONVERT, reach: () => opened('chat-loop/convert.ts', 'openConverter') },
  { title: 'client-app, HTTP', offers: SHOP, reach: () => opened('client-app/server.ts', 'openShop') },
  { title: 'mounting, stdio', offers: GREETER, reach: () => exported('examples/mounting/greeter.ts', 'greeter') },
  ...['node', 'express', 'fastify', 'hono', 'experimental/nest'].map((framework): Example => ({
    title: `mounting ${framework}, HTTP`,
    offers: GREETER,
    reach: () => mounted(framework),
  })),
  {
    title: 'websocket, HTTP with a token',
    offers: SCORE,
    reach: () => printed('examples/websocket/server.ts', { authorization: 'Bearer ada-s-token' }),
  },
]

/** A suite on one example, which runs as long as the suite does. */
export function suiteOn({ title, reach }: Example, client: string): { readonly test: Test; reached(): Reached } {
  const test = suite(`${client}, ${title}`)
  let reached: Reached
  test.before(async () => {
    reached = await reach()
  })
  test.after(async () => {
    await reached.close()
  })
  return { test, reached: () => reached }
}
