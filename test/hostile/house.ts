/**
 * The server that every hostile case is tried on, in a process of its own: one of everything, and secrets that must never be seen outside. Its first
 * argument says what it serves: `net` for HTTP and WebSocket, `stdio` for its own input and output.
 */
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { setTimeout as after } from 'node:timers/promises'
import { bearer, http, Server, stdio, Type, type Principal } from 'oarlock'
import { ws } from 'oarlock/ws'
import { SECRETS, TOKENS } from './secrets.ts'

/** Where the house listens, by what is behind it. */
export interface Ports {
  /** HTTP and WebSocket for everybody. */
  readonly http: number
  readonly ws: number
  /** The same, for those with a token. */
  readonly guarded: number
  readonly guardedWs: number
  /** The same, where little patience and little room are. */
  readonly hasty: number
  readonly hastyWs: number
  /** What stdio serves, on a stream of its own for each connection. */
  readonly lines: number
}

/** What the process takes, in bytes. */
export interface Held {
  readonly heap: number
  readonly rss: number
  readonly sockets: number
}

const [inEnvironment, inError, inKeyRing] = SECRETS

const server = new Server({
  name: 'house',
  version: '1',
  log: false,
  pageSize: 5,
  state: { secrets: [inKeyRing], ttl: 600_000 },
  limits: { ask: 5000, inFlight: 64 },
})
const fails = (): never => {
  throw new Error(`${inError} ${process.env['HOUSE_SECRET'] ?? inEnvironment} at ${process.argv[1]}`)
}

server.tool('echo', { input: Type.Object({ text: Type.String() }) }, ({ text }) => text)
server.tool('form', {}, async (_, ctx) => {
  const { action } = await ctx.elicit('who', { message: 'Who?', schema: Type.Object({ name: Type.String() }) })
  return action
})
server.tool('twice', { input: Type.Object({ amount: Type.Optional(Type.Integer()) }) }, async (_, ctx) => {
  await ctx.elicit('first', { message: 'First?', schema: Type.Object({ sure: Type.Boolean() }) })
  const spent = await ctx.once('spent', () => inError.length)
  const { action } = await ctx.elicit('second', { message: `Spent ${spent}?`, schema: Type.Object({ sure: Type.Boolean() }) })
  return action
})
server.tool('wait', {}, (_, ctx) => new Promise(resolve => ctx.signal.addEventListener('abort', () => resolve('left'), { once: true })))
server.tool('chatter', {}, async (_, ctx) => {
  void ctx.log.error('chattered')
  await ctx.progress(1, 2, 'half')
  await after(1)
  return 'chattered'
})
server.tool('flood', {}, async (_, ctx) => {
  const piece = 'x'.repeat(16 * 1024)
  for (let sent = 0; sent < 1024; sent++) {
    void ctx.log.emergency(piece)
    if (sent % 16 === 0) await after(1)
  }
  return 'flooded'
})
server.tool('fails', {}, fails)
server.tool('sum', { input: Type.Object({ numbers: Type.Array(Type.Number({ minimum: 0 })) }) }, ({ numbers }) => numbers.length)
server.tool(
  'routed',
  {
    input: Type.Object({
      region: Type.String({ 'x-mcp-header': 'Region' }),
      level: Type.Optional(Type.Integer({ 'x-mcp-header': 'Level' })),
    }),
  },
  ({ region }) => region,
)
server.resource('page', { uri: 'page://one' }, () => 'one')
server.resource('failing', { uri: 'page://failing' }, fails)
server.template('part', { uri: 'part://{chapter}/{+rest}' }, ({ chapter, rest }) => `${String(chapter)} ${String(rest)}`)
server.template('note', { uri: 'file:///notes/{name}' }, ({ name }) => String(name))
server.template('query', { uri: 'find://all{?q,limit}' }, ({ q }) => (typeof q === 'string' ? q : 'everything'))
server.prompt('review', { args: Type.Object({ code: Type.String() }), complete: { code: value => [`${value}!`] } }, ({ code }) => code)
server.prompt('failing', {}, fails)

const principals: ReadonlyMap<string, Principal> = new Map(Object.entries(TOKENS).map(([id, token]) => [token, { id }]))
const authenticate = bearer(token => principals.get(token), { realm: 'house' })

/** Room for every case, and no more: a case that is larger is refused. */
const ROOM = { bodyLimit: 2 * 1024 * 1024, keepAliveTimeout: 120_000 }
const HASTE = {
  bodyTimeout: 1000,
  headersTimeout: 1000,
  bodyLimit: 64 * 1024,
  keepAliveTimeout: 300,
  stall: 1000,
  bufferLimit: 64 * 1024,
}

const LINES = { maxMessageBytes: 2 * 1024 * 1024, finishTimeout: 500 }

if (process.argv[2] === 'stdio') await server.listen(stdio(LINES))
else {
  const listeners = await server.listen(
    http({ port: 0, ...ROOM }),
    ws({ port: 0, maxPayload: ROOM.bodyLimit, closeTimeout: 500 }),
    http({ port: 0, ...ROOM, authenticate }),
    ws({ port: 0, authenticate, closeTimeout: 500 }),
    http({ port: 0, ...HASTE, sessions: { idle: 1000 } }),
    ws({
      port: 0,
      maxPayload: 64 * 1024,
      closeTimeout: 300,
      headersTimeout: 1000,
      requireSubprotocol: true,
      heartbeat: 1500,
      pong: 1500,
      stall: 1000,
      bufferLimit: 256 * 1024,
    }),
  )
  const streams = createServer({ allowHalfOpen: true }, socket => {
    socket.on('error', () => {})
    void server.listen(stdio({ ...LINES, input: socket, output: socket })).then(async ([listener]) => {
      await listener?.ended
      socket.end()
    })
  }).listen(0, '127.0.0.1')
  await once(streams, 'listening')
  const { port: lines } = streams.address() as AddressInfo
  const [open, openWs, guarded, guardedWs, hasty, hastyWs] = (listeners as readonly { readonly address: string }[]).map(({ address }) =>
    Number(new URL(address).port),
  )
  // Whoever started it is gone.
  process.on('disconnect', () => {
    streams.close()
    void server.close({ within: 0 })
  })
  process.send?.({ http: open, ws: openWs, guarded, guardedWs, hasty, hastyWs, lines })
}

// Told to whoever started it. On its standard streams it lives as long as its input does.
process.on('message', message => {
  if (message === 'close') process.disconnect()
  else if (message === 'held') void held(4, 20).then(seen => process.send?.(seen))
  else if (message === 'nearly') void held(1, 5).then(seen => process.send?.(seen.heap))
  else process.send?.(atMost())
})
if (process.argv[2] === 'stdio') process.channel?.unref()

/** Never less than what is held, told at once: short-lived rubbish is out, which takes half a millisecond; all rubbish would take twenty. */
function atMost(): number {
  void globalThis.gc?.({ type: 'minor' })
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** What is left when everything that can go has gone: sockets that were cut let go of their buffers a turn later, and their wrappers after another. */
async function held(turns: number, ms: number): Promise<Held> {
  for (let turn = 0; turn < turns; turn += 1) {
    void globalThis.gc?.()
    await after(ms)
  }
  const { heapUsed, external, rss } = process.memoryUsage()
  const sockets = process.getActiveResourcesInfo().filter(name => name === 'TCPSocketWrap').length
  return { heap: heapUsed + external, rss, sockets }
}
