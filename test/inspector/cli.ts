/** The Inspector's command line, as a pipeline uses it: one question, one JSON answer. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Reached } from '../interop/examples.ts'

/** Relative to the repository, where tests run. */
const PROGRAM = 'test/inspector/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js'

/** How the Inspector converses: `legacy` with a session, `modern` without, `auto` finds out. */
export type Era = 'legacy' | 'modern' | 'auto'

/** How one run ended. */
export interface Ran {
  readonly code: number | null
  /** What it printed, read as JSON; undefined when it printed nothing. */
  readonly result: Record<string, any> | undefined
  /** What it had to say about it: findings of its lint among them. */
  readonly remarks: string
}

/** Asks a server; `home` is where the Inspector keeps its files. */
export async function inspect(home: string, to: Reached, era: Era, ...question: readonly string[]): Promise<Ran> {
  const headers = Object.entries(to.headers ?? {}).flatMap(([name, value]) => ['--header', `${name}: ${value}`])
  const target = to.command === undefined ? ['--transport', 'http', '--server-url', to.url ?? '', ...headers] : ['--', ...to.command]
  const args = [PROGRAM, '--cli', '--format', 'json', '--stored-auth-only', '--protocol-era', era, ...question, ...target]
  const env = { ...process.env, HOME: home }
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [printed, remarks, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: code as number | null, result: printed === '' ? undefined : JSON.parse(printed).result, remarks }
}
