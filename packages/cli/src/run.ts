/** `oarlock run FILE`: serves what a file exports. */

import type { Server } from '@oarlock/kernel'
import type { Listener } from '@oarlock/protocol'
import { divertStdout, stdio } from '@oarlock/stdio'
import { type ArgsDef, defineCommand } from 'citty'
import { Failure, MISUSED } from './failure.ts'
import { DEFAULT_PORT, DEFAULT_WS_PORT, refuseUnknownFlags, VERBOSE } from './flags.ts'
import { listening } from './listening.ts'
import { loadServer } from './load.ts'

const args = {
  file: {
    type: 'positional',
    description: 'A module (.js or .ts) that exports a server, or classes and objects with tools',
    required: true,
  },
  stdio: { type: 'boolean', description: 'Serve over standard input and output; the default when nothing else is chosen' },
  http: { type: 'string', valueHint: 'port', description: `Serve over HTTP, on port ${DEFAULT_PORT} unless given; 0 takes a free one` },
  ws: {
    type: 'string',
    valueHint: 'port',
    description: `Serve over WebSocket, on port ${DEFAULT_WS_PORT} unless given; with the port of --http, beside it`,
  },
  host: { type: 'string', description: 'Address to bind for HTTP and WebSocket; 127.0.0.1 unless given' },
  'allowed-hosts': {
    type: 'string',
    valueHint: 'names',
    description: 'Names by which clients reach a host beyond this machine, with commas between',
  },
  verbose: VERBOSE,
} as const satisfies ArgsDef

/** The command. Resolves when serving has ended. */
export const run = defineCommand({
  meta: { name: 'run', description: 'Serve the tools, resources and prompts of a file' },
  args,
  async run({ args: given }) {
    refuseUnknownFlags(given, args)
    if (given._.length > 1) throw new Failure(`oarlock run serves one file; what is ${given._[1]}?`, MISUSED)
    const overStdio = given.stdio === true || (given.http === undefined && given.ws === undefined)
    const transports = listening({ http: given.http, ws: given.ws, host: given.host, allowedHosts: given['allowed-hosts'] })
    // Before the file is loaded: it may print.
    if (overStdio) divertStdout()
    const server = await loadServer(given.file)
    const listeners = await server.listen(...(overStdio ? [stdio({ signals: false })] : []), ...(await transports(server)))
    // Who reads the introduction may send a signal at once.
    const end = ended(server, listeners)
    introduce(server, listeners, given.ws !== undefined)
    await end
  },
})

/** Tells the person at the terminal what is served and where. A client that started this process reads none of it. */
function introduce(server: Server, listeners: readonly Listener[], overWs: boolean): void {
  const urls = listeners.map(({ address }) => address).filter(address => address !== 'stdio')
  const beside = overWs && !urls.some(url => url.startsWith('ws:'))
  const terminal = urls.length < listeners.length && process.stdin.isTTY
  if (urls.length === 0 && !terminal) return
  console.error(`${server.info.name} ${server.info.version} offers ${contents(server)}.`)
  for (const url of urls) console.error(`Listening on ${url}${beside ? `, and ${url.replace('http', 'ws')}` : ''}`)
  if (terminal) console.error('Serving over standard input and output: what you type here is read as protocol. Ctrl-D ends it.')
}

function contents(server: Server): string {
  const kinds = new Map<string, number>()
  for (const { kind } of server.components) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  const parts = [...kinds].map(([kind, count]) => `${count} ${kind}${count === 1 ? '' : 's'}`)
  return parts.length === 0 ? 'nothing yet' : parts.join(', ')
}

/** Resolves, and with it the process ends, once the only client is gone or a signal came; a second signal does not wait. */
async function ended(server: Server, listeners: readonly Listener[]): Promise<void> {
  const open = listeners.map(listener => listener.ended ?? new Promise<never>(() => undefined))
  await Promise.race([signalled(), Promise.all(open)])
  await server.close()
  process.exit()
}

function signalled(): Promise<void> {
  return new Promise(resolve => {
    let count = 0
    const on = (signal: 'SIGINT' | 'SIGTERM', exitCode: number): void => {
      process.on(signal, () => {
        count += 1
        if (count > 1) process.exit(exitCode)
        resolve()
      })
    }
    on('SIGINT', 130)
    on('SIGTERM', 143)
  })
}
