/**
 * The load, in a process of its own: `load.ts TRANSPORT SPEECH SCENARIO CONNECTIONS -- COMMAND…` starts a contender on core 0, and for each number of seconds that
 * its parent sends runs one round against it and tells what came of it.
 */
import { Conversations, type Conversation } from './conversation.ts'
import { scenarioOf, type Speech } from '../scenarios.ts'
import { start } from './contender.ts'
import { cpuOf, percentile, residentOf } from '../cpu.ts'

/** What one round measured. */
export interface Round {
  readonly requests: number
  readonly seconds: number
  /** Processor time of the server, all threads, in microseconds a request. */
  readonly cpu: number
  readonly median: number
  readonly p99: number
  readonly resident: number
  readonly wrong: number
  readonly example: string | undefined
}

const OPENING_MS = 10_000
const UNANSWERED_MS = 5_000

const [transport, speech, name, connections, , ...command] = process.argv.slice(2) as [string, Speech, string, string, string, ...string[]]
const scenario = scenarioOf(name)
const contender = await start(command, transport !== 'stdio')
const open = Conversations[transport as keyof typeof Conversations]
const conversations: readonly Conversation[] = await inTime(open(contender, speech, scenario, Number(connections)))

/** A contender that leaves a handshake unanswered is not waited for; what it is asked then comes to nothing. */
async function inTime(opening: Promise<readonly Conversation[]>): Promise<readonly Conversation[]> {
  const problem = `${connections} conversations were not open within ${OPENING_MS / 1000} s`
  const nothing: Conversation = { ask: () => new Promise(resolve => setTimeout(resolve, 100, problem)) }
  return Promise.race([opening, new Promise<readonly Conversation[]>(resolve => setTimeout(resolve, OPENING_MS, [nothing]))])
}

async function round(seconds: number): Promise<Round> {
  const latencies: number[] = []
  let requests = 0
  let wrong = 0
  let example: string | undefined
  let going = true
  const one = async (conversation: Conversation): Promise<void> => {
    while (going) {
      const sent = performance.now()
      const problem = await conversation.ask()
      if (requests % 7 === 0) latencies.push(performance.now() - sent)
      requests += 1
      if (problem === undefined) continue
      wrong += 1
      example ??= problem
      // A contender that cannot answer this at all is asked no million times.
      if (wrong > 100) return
    }
  }
  const cpu = cpuOf(contender.pid)
  const begun = performance.now()
  const timer = setTimeout(() => (going = false), seconds * 1000)
  const all = Promise.all(conversations.map(one)).then(() => true)
  const isAnswered = await Promise.race([
    all,
    new Promise<false>(resolve => setTimeout(resolve, seconds * 1000 + UNANSWERED_MS, false).unref()),
  ])
  clearTimeout(timer)
  if (!isAnswered) {
    wrong += 1
    example ??= `a request was not answered within ${UNANSWERED_MS / 1000} s`
  }
  const took = (performance.now() - begun) / 1000
  return {
    requests,
    seconds: took,
    cpu: (cpuOf(contender.pid) - cpu) / 1000 / requests,
    median: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    resident: residentOf(contender.pid),
    wrong,
    example,
  }
}

process.on('message', (seconds: number) => void round(seconds).then(result => process.send?.(result)))
process.on('disconnect', () => {
  contender.stop()
  process.exit()
})
process.send?.('ready')
