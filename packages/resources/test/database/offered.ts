/** A database offered by a real server, and what a client reads of it. */

import { Server } from '@oarlock/kernel'
import { database, type DatabaseOptions, type DatabaseProvider } from '@oarlock/resources/database'
import type { Client } from '@oarlock/client'

/** A provider that is quiet about what fails, unless a test listens. */
export function library(options: Omit<DatabaseOptions, 'name'>): DatabaseProvider {
  return database({ name: 'library', onError: () => {}, ...options })
}

/** A server that offers it. */
export function serving(provider: DatabaseProvider): Server {
  const server = new Server({ name: 'library', version: '1.0.0', log: false })
  server.offer(provider)
  return server
}

/** A document as JSON. */
export async function json<T = Record<string, unknown>>(client: Client, uri: string): Promise<T> {
  const [content] = await client.read(uri)
  return JSON.parse((content as { text: string }).text) as T
}

/** Why a document cannot be read. */
export async function refusal(client: Client, uri: string): Promise<string> {
  try {
    await client.read(uri)
  } catch (thrown) {
    return (thrown as Error).message
  }
  return `${uri} can be read`
}

/** A page of rows. */
export interface PageText {
  readonly rows: readonly Record<string, unknown>[]
  readonly next: string | null
  readonly paged?: string
}

/** All pages from a URI on. */
export async function allRows(client: Client, start: string): Promise<{ rows: Record<string, unknown>[]; pages: number }> {
  const rows: Record<string, unknown>[] = []
  let pages = 0
  for (let uri: string | null = start; uri !== null; pages += 1) {
    const page: PageText = await json<PageText>(client, uri)
    rows.push(...page.rows)
    uri = page.next
  }
  return { rows, pages }
}
