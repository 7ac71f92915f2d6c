/**
 * What users of MCP servers were promised in other places, measured: `node bench/promises.ts`, after a build. Fails when one is not kept. That of many
 * WebSockets has a script of its own: `ws-sockets.ts 1000 60 12000`.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { connect, Server, type Target } from 'oarlock'
import { serverFile } from './compile.ts'
import { commandOf, ENTRANTS, type Entrant } from './contenders.ts'
import { median, percentile } from './cpu.ts'
import { start } from './load/contender.ts'
import { Conversations } from './load/conversation.ts'
import { scenarioOf } from './scenarios.ts'
import { offer } from './servers/offer.ts'

const ROUNDS = 7
const USERS = 50
const oarlock = ENTRANTS.find(({ name }) => name === 'Oarlock') as Entrant
const echo = scenarioOf('echo')

let broken = 0
console.log(`| Node ${process.versions.node}, median of ${ROUNDS} | promised | measured |\n|---|---|---|`)

/** One line of the table; `measure` gives milliseconds. */
async function promise(what: string, atMost: number, measure: () => Promise<number>): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round += 1) times.push(await measure())
  const time = median(times)
  if (!(time <= atMost)) broken += 1
  console.log(`| ${what} | at most ${atMost} ms | ${time.toFixed(1)} ms |`)
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

/** A server in a process of its own, and how long it took there to register what it offers. */
async function withServer<T>(kind: string, use: (url: string, registered: number) => Promise<T>): Promise<T> {
  const child = fork(serverFile('promises'), [kind])
  const [[registered, url]] = (await once(child, 'message')) as [[number, string]]
  try {
    return await use(url, registered)
  } finally {
    child.kill()
    await once(child, 'exit')
  }
}

const withClient = (kind: string, work: (client: Awaited<ReturnType<typeof connect>>) => Promise<unknown>): Promise<number> =>
  withServer(kind, async url => {
    const client = await connect(url)
    await client.tools()
    const took = await timed(() => work(client))
    await client.close()
    return took
  })

/** How long a client takes for a hundred calls, each after the answer to the one before: to a server that has just started, unless calls came before. */
async function talked(transport: 'http' | 'ws' | 'stdio' | 'memory', before = 0): Promise<number> {
  const talk = async (target: Target): Promise<number> => {
    const client = await connect(target)
    await client.tools()
    for (let index = 0; index < before; index += 1) await client.call('echo', { text: 'hello' })
    const took = await timed(async () => {
      for (let index = 0; index < 100; index += 1) await client.call('echo', { text: 'hello' })
    })
    await client.close()
    return took
  }
  const [command = '', ...args] = commandOf(oarlock, transport)
  if (transport === 'stdio') return talk({ command, args })
  if (transport === 'memory') {
    const server = new Server({ name: 'bench', version: '1.0.0' })
    offer(server)
    return talk(server)
  }
  const contender = await start([command, ...args], true)
  const took = await talk(`${transport}://127.0.0.1:${contender.port}/mcp`)
  contender.stop()
  return took
}

/** From the start of the process to its first answer. */
const started = (transport: 'http' | 'stdio') => (): Promise<number> =>
  timed(async () => {
    const contender = await start(commandOf(oarlock, transport), transport === 'http')
    const [conversation] = await Conversations[transport](contender, '2026-07-28', echo, 1)
    const problem = await conversation?.ask()
    contender.stop()
    if (problem !== undefined) throw new Error(problem)
  })

/** So many callers without a pause for two seconds: the time below which 95 of 100 calls were answered. */
async function atWork(): Promise<number> {
  const contender = await start(commandOf(oarlock, 'http'), true)
  const conversations = await Conversations.http(contender, '2025-11-25', echo, USERS)
  const times: number[] = []
  const until = performance.now() + 2000
  const work = async ({ ask }: (typeof conversations)[number]): Promise<void> => {
    while (performance.now() < until) {
      const begun = performance.now()
      const problem = await ask()
      if (problem !== undefined) throw new Error(problem)
      times.push(performance.now() - begun)
    }
  }
  await Promise.all(conversations.map(work))
  contender.stop()
  return percentile(times, 0.95)
}

await promise('100 tools registered', 100, () => withServer('tools', async (_, registered) => registered))
await promise('10,000 resources registered', 1000, () => withServer('resources', async (_, registered) => registered))
await promise('all 10,000 of them listed, over HTTP', 1000, () =>
  withClient('resources', async client => {
    const all = await client.resources()
    if (all.length !== 10_000) throw new Error(`${all.length} resources`)
  }),
)
await promise('100 calls that wait for each other, at once', 1000, () =>
  withClient('gate', async client => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => client.call('gate')))
    if (answers.some(answer => answer !== '100 at once')) throw new Error(String(answers))
  }),
)
for (const transport of ['http', 'ws', 'stdio', 'memory'] as const) {
  await promise(`100 messages one after the other, ${transport}, server just started`, 50, () => talked(transport))
}
await promise('100 messages one after the other, http, after 1,000', 50, () => talked('http', 1000))
await promise('from the start of a process to its first answer, HTTP', 1000, started('http'))
await promise('the same, stdio', 1000, started('stdio'))
await promise(`${USERS} users without a pause: 95 % of calls within`, 200, atWork)

if (broken > 0) {
  console.error(`FAILED: ${broken} promises are not kept`)
  process.exitCode = 1
}
