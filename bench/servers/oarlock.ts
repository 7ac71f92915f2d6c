/** Oarlock: `oarlock.ts http|stdio|ws [whole]`. `whole` adds what a deployed server has around its handlers: three middleware, a rate limit, metrics, an audit line. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { http, Server, stdio, ws } from 'oarlock'
import { offer } from './offer.ts'
import { wrap } from './whole.ts'

const [transport, kind] = process.argv.slice(2)
const server = new Server({ name: 'bench', version: '1.0.0', pageSize: 20_000 })
if (kind === 'whole') wrap(server)

offer(server)

if (transport === 'stdio') await server.listen(stdio())
else {
  const [listener] = await server.listen(transport === 'ws' ? ws({ port: 0 }) : http({ port: 0, sessions: { max: 20_000 } }))
  const { port } = new URL(listener?.address ?? '')
  const sessions = Number(process.env['BENCH_SESSIONS'] ?? 0)
  if (sessions > 0) await openSessions(port, sessions)
  console.log(port)
}

/** Sessions that others have open while the figures are taken. */
async function openSessions(port: string, count: number): Promise<void> {
  const opener = spawn(process.execPath, [fileURLToPath(new URL('../../load/open-sessions.ts', import.meta.url)), port, String(count)], {
    stdio: 'inherit',
  })
  const [code] = (await once(opener, 'exit')) as [number]
  if (code !== 0) throw new Error(`The sessions could not be opened: ${code}`)
}
