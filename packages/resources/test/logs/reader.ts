/** Reads one log through a server and a client. */

import { logs, type LogsOptions } from '@oarlock/resources/logs'
import { Server } from '@oarlock/kernel'
import { Client } from '@oarlock/client'
import { memoryConnector } from '@oarlock/protocol'

/** A page of a log. */
export interface Shown {
  readonly entries: readonly { readonly message: string; readonly level?: string; readonly fields?: Readonly<Record<string, unknown>> }[]
  readonly older?: string
  readonly incomplete?: boolean
  readonly scanned: number
  readonly redacted?: Readonly<Record<string, number>>
}

/** Reads a query on the log. */
export interface Reader extends AsyncDisposable {
  (query?: string): Promise<Shown>
}

/** Reads `logs://app` through a server and a client. */
export async function reader(source: LogsOptions['sources'][string], options: Partial<LogsOptions> = {}): Promise<Reader> {
  const server = new Server({ name: 'logs', version: '1.0.0' })
  server.offer(logs({ sources: { app: source }, ...options }))
  const client = await Client.open(memoryConnector(server), { cache: false })
  const read = async (query = ''): Promise<Shown> => {
    const [content] = await client.read(query.includes('://') ? query : `logs://app${query}`)
    return JSON.parse((content as { readonly text: string }).text) as Shown
  }
  const close = async (): Promise<void> => {
    await client.close()
    await server.close()
  }
  return Object.assign(read, { [Symbol.asyncDispose]: close })
}

/** What its entries say. */
export const messages = ({ entries }: Shown): readonly string[] => entries.map(({ message }) => message)

/** Lines by number. */
export const range = (from: number, to: number): readonly string[] => Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}`)

/** The same lines as a file holds them. */
export const written = (from: number, to: number): string =>
  range(from, to)
    .map(line => `${line}\n`)
    .join('')

/** All pages, the newest first. */
export async function pages(read: Reader, query: string): Promise<readonly (readonly string[])[]> {
  const found: (readonly string[])[] = []
  for (let next: string | undefined = query; next !== undefined;) {
    const page: Shown = await read(next)
    found.push(messages(page))
    next = page.older
  }
  return found
}
