/** Tells a story to every client: ours and the official ones, over stdio, HTTP and WebSocket, in the oldest revision and the newest. */

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { ours } from './ours.ts'
import { Reader, type Opened } from './reader.ts'
import { sdkV1 } from './sdk-v1.ts'
import { sdkV2 } from './sdk-v2.ts'
import type { Headers, Spoken, Way } from './way.ts'

/** What a story is told with. */
export interface Telling {
  readonly transport: Way['transport']
  readonly revision: Spoken
  /** Connects once more, as somebody: over stdio there is only who started the program. */
  open(headers?: Headers): Promise<Reader>
}

/** A story: it opens clients, and asserts. */
export type Story = (telling: Telling) => Promise<void>

type Open = (way: Way, revision: Spoken) => Promise<Opened>

const CLIENTS: readonly (readonly [name: string, revision: Spoken, client: Open])[] = [
  ['Oarlock', '2024-11-05', ours],
  ['SDK v1', '2024-11-05', sdkV1],
  ['Oarlock', '2026-07-28', ours],
  ['SDK v2', '2026-07-28', sdkV2],
]

/**
 * Starts the program for each client over stdio, and once for all of them over HTTP and WebSocket; the environment says where its data is. Prints a line
 * for each telling.
 */
export async function tell(program: URL, env: Readonly<Record<string, string>>, story: Story): Promise<void> {
  const args = [...process.execArgv, fileURLToPath(program)]
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env, PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit') as Promise<[number | null]>
  try {
    const early = ended.then(([code]) => assert.fail(`the server ended with ${code} before it listened`))
    const [said] = (await Promise.race([once(child.stdout, 'data'), early])) as [Buffer]
    const url = /http:\S+/.exec(said.toString())?.[0] ?? assert.fail(`no URL in ${said.toString()}`)
    const way = { command: process.execPath, args, env: { ...(process.env as Record<string, string>), ...env }, url }
    for (const transport of ['stdio', 'http', 'ws'] as const) await over(transport, way, story)
  } finally {
    child.kill('SIGTERM')
  }
  const [code] = await ended
  assert.equal(code, 0)
}

async function over(transport: Way['transport'], way: Omit<Way, 'transport' | 'headers'>, story: Story): Promise<void> {
  const url = transport === 'ws' ? way.url.replace('http', 'ws') : way.url
  for (const [name, revision, client] of CLIENTS) {
    const started = performance.now()
    const open = async (headers: Headers = {}): Promise<Reader> => {
      const opened = await client({ ...way, url, transport, headers }, revision)
      assert.equal(opened.revision, revision)
      return new Reader(opened)
    }
    await story({ transport, revision, open })
    console.log(`${transport.padEnd(5)}  ${revision}  ${name.padEnd(7)}  ${Math.round(performance.now() - started)} ms`)
  }
}
