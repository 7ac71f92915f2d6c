/** Client and server in one process, without a transport between them: `node bench/in-memory.ts [ROUNDS]`, after a build. */
import { connect, Server } from 'oarlock'
import { median } from './cpu.ts'
import { offer } from './servers/offer.ts'

const ROUNDS = Number(process.argv[2] ?? 9)
const CALLS = 20_000
/** A call of the client, checked, and its answer. */
const GOAL = 6

console.log('| client and server in memory | µs of the processor a call, both together |\n|---|---|')
for (const revision of ['2026-07-28', '2025-11-25'] as const) {
  const server = new Server({ name: 'bench', version: '1.0.0' })
  offer(server)
  const client = await connect(server, { revision })
  const figures: number[] = []
  for (let round = -2; round < ROUNDS; round += 1) {
    const before = process.cpuUsage()
    for (let call = 0; call < CALLS; call += 1) {
      const answer = await client.call('echo', { text: 'hello' })
      if (answer !== 'hello') throw new Error(`Not what was said: ${String(answer)}`)
    }
    const { user, system } = process.cpuUsage(before)
    if (round >= 0) figures.push((user + system) / CALLS)
  }
  await client.close()
  await server.close()
  console.log(`| ${revision} (goal: at most ${GOAL}) | ${median(figures).toFixed(2)} |`)
}
