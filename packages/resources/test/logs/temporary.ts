/** A folder that is there for one test. */

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder; when it goes, what was deferred is done first. */
export interface Temporary extends AsyncDisposable {
  readonly path: string
  defer(work: () => Promise<void>): void
}

/** Makes one. */
export async function temporary(): Promise<Temporary> {
  const path = await mkdtemp(join(tmpdir(), 'oarlock-logs-'))
  const deferred: (() => Promise<void>)[] = []
  return {
    path,
    defer: work => void deferred.push(work),
    async [Symbol.asyncDispose]() {
      await Promise.all(deferred.map(work => work()))
      await rm(path, { recursive: true, force: true })
    },
  }
}
