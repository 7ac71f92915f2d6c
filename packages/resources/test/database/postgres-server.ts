/** A PostgreSQL server of the test's own: its own port, its own data folder, and gone afterwards. */

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Client } from 'pg'

/** A server that runs. */
export interface Postgres {
  readonly port: number
  readonly folder: string
  /** Runs SQL, several statements too, as superuser; the rows of the last. */
  query(database: string, sql: string): Promise<readonly unknown[]>
  /** Stops it at once, as a crash would, and starts it again on the same port and data. */
  crash(): Promise<void>
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Where the programs are; undefined when PostgreSQL is not installed. */
function found(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).toSorted((a, b) => Number(b) - Number(a)) : []
  const places = [...versions.map(version => join(debian, version, 'bin')), ...(process.env['PATH'] ?? '').split(delimiter)]
  return places.find(place => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')))
}

/** PostgreSQL does not run as root. */
function identity(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { uid: id('-u'), gid: id('-g') }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}

async function start(): Promise<Postgres> {
  const programs = found() as string
  const folder = mkdtempSync(join(tmpdir(), 'oarlock-postgres-'))
  const as = identity()
  if (as !== undefined) chownSync(folder, as.uid, as.gid)
  const data = join(folder, 'data')
  const options = { cwd: folder, ...as }
  execFileSync(join(programs, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-locale', '--no-sync'], {
    ...options,
    stdio: 'pipe',
  })
  const port = await freePort()
  let process_ = run()
  await ready()

  function run(): ChildProcess {
    const settings = ['fsync=off', 'listen_addresses=127.0.0.1', 'max_connections=50', 'autovacuum=off', 'shared_buffers=16MB'].flatMap(
      each => ['-c', each],
    )
    return spawn(join(programs, 'postgres'), ['-D', data, '-p', `${port}`, '-k', folder, ...settings], { ...options, stdio: 'ignore' })
  }

  async function query(database: string, sql: string): Promise<readonly unknown[]> {
    const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database })
    await client.connect()
    try {
      const results = (await client.query(sql)) as unknown as { rows: unknown[] } | { rows: unknown[] }[]
      return (Array.isArray(results) ? results.at(-1)?.rows : results.rows) ?? []
    } finally {
      await client.end()
    }
  }

  async function ready(): Promise<void> {
    for (;;) {
      if (process_.exitCode !== null) throw new Error(`PostgreSQL ended with ${process_.exitCode}`)
      try {
        await query('postgres', 'SELECT 1')
        return
      } catch {
        // Not yet.
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ended = new Promise(resolve => process_.once('exit', resolve))
    process_.kill(signal)
    await ended
  }

  return {
    port,
    folder: data,
    query,
    crash: () => end('SIGQUIT'),
    async restart() {
      process_ = run()
      await ready()
    },
    async stop() {
      await end('SIGINT')
      rmSync(folder, { recursive: true })
    },
  }
}

/** Starts a server in about half a second. */
export const startPostgres = Object.assign(start, { found })
