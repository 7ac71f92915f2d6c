/** Tokens in a file that only its owner can read. */

import { randomBytes } from 'node:crypto'
import { chmod, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { isObject, type JsonObject } from '@oarlock/protocol'
import type { TokenStore } from '../store.ts'

/** A lock is taken for that of a process that died when it is older. */
const STALE_MS = 30_000
const RETRY_MS = 25

/**
 * A store in one JSON file with mode 0600, in a folder with mode 0700 if it has to be made. Written to a new file that takes the old one's
 * place, so that a crash leaves one or the other. Several processes may share it.
 */
export function fileTokenStore(path: string): TokenStore {
  let last: Promise<unknown> = Promise.resolve()

  /** One after the other in this process, and alone among processes. */
  function change(edit: (records: Record<string, JsonObject>) => void): Promise<void> {
    const done = last.then(() =>
      locked(`${path}.lock`, async () => {
        const records = await read(path)
        edit(records)
        await write(path, records)
      }),
    )
    last = done.catch(() => {})
    return done
  }

  return {
    get: async key => (await read(path))[key],
    set: (key, record) =>
      change(records => {
        records[key] = record
      }),
    delete: key =>
      change(records => {
        delete records[key]
      }),
    lock: (_key, work) => locked(`${path}.refresh.lock`, work),
  }
}

async function read(path: string): Promise<Record<string, JsonObject>> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return Object.create(null) as Record<string, JsonObject>
    throw cause
  }
  const value: unknown = JSON.parse(text)
  const records = Object.create(null) as Record<string, JsonObject>
  for (const [key, record] of Object.entries(isObject(value) ? value : {})) if (isObject(record)) records[key] = record
  return records
}

async function write(path: string, records: Readonly<Record<string, JsonObject>>): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  try {
    const file = await open(fresh, 'wx', 0o600)
    try {
      await file.writeFile(JSON.stringify(records))
      await file.sync()
    } finally {
      await file.close()
    }
    // Whatever the umask.
    await chmod(fresh, 0o600)
    await rename(fresh, path)
  } catch (cause) {
    await rm(fresh, { force: true })
    // The system does not say which file it could not write.
    const { message, code } = cause as NodeJS.ErrnoException
    throw Object.assign(new Error(`${path} cannot be written: ${message}`, { cause }), { code })
  }
}

async function locked<T>(path: string, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  while (!(await taken(path))) await after(RETRY_MS)
  try {
    return await work()
  } finally {
    await rm(path, { force: true })
  }
}

async function taken(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close()
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > STALE_MS) await rm(path, { force: true })
    return false
  }
}
