/** A source for the tests of the base: documents in a map, and a log of what it was asked. */

import { Server, type Component } from '@oarlock/kernel'
import type { Head, Principal } from '@oarlock/protocol'
import {
  ResourceProvider,
  UNCHANGED,
  type CompleteRequest,
  type ListedResource,
  type ListRequest,
  type ReadRequest,
  type ResourceProviderOptions,
  type SourceAnswer,
  type SourceContent,
  type SourceTemplate,
  type Suggestions,
} from '@oarlock/resources'

export const SHELF: SourceTemplate = { name: 'shelf', uriTemplate: 'shelf://{+path}' }
export const INDEX: SourceTemplate = { name: 'index', uriTemplate: 'shelf:index', mimeType: 'text/plain' }

export class Shelf extends ResourceProvider {
  readonly documents = new Map<string, SourceContent | readonly SourceContent[]>()
  readonly log: string[] = []
  readonly reads: ReadRequest[] = []
  sources: readonly SourceTemplate[] = [SHELF, INDEX]
  tools: readonly Component[] = []
  /** Documents given for each look at the listing; all when 0. */
  page = 0
  readonly #watched = new Map<string, () => void>()

  constructor(options: Partial<ResourceProviderOptions> = {}) {
    super({ name: 'shelf', ...options })
  }

  put(path: string, text: string): this {
    this.documents.set(path, { text })
    return this
  }

  /** A watcher of the source notices a change. */
  touch(uri: string): void {
    this.#watched.get(uri)?.()
  }

  /** Resolves when a line is in the log. */
  async logged(line: string): Promise<void> {
    while (!this.log.includes(line)) await new Promise(resolve => setImmediate(resolve))
  }

  /** The source says so itself. */
  override updated(uri: string): void {
    super.updated(uri)
  }

  override failed(cause: unknown, where: string): void {
    super.failed(cause, where)
  }

  override changed(): void {
    super.changed()
  }

  override listChanged(): void {
    super.listChanged()
  }

  protected override templates(): readonly SourceTemplate[] {
    return this.sources
  }

  protected override async read(request: ReadRequest): Promise<SourceAnswer> {
    this.reads.push(request)
    if (request.template === 'shelf:index') return { text: [...this.documents.keys()].join('\n') }
    const found = this.documents.get(String(request.variables['path']))
    const validator = Array.isArray(found) ? undefined : (found as SourceContent | undefined)?.validator
    return validator !== undefined && validator === request.known ? UNCHANGED : found
  }

  protected override list({ after, limit }: ListRequest): readonly ListedResource[] {
    this.log.push(`list ${after ?? ''} ${limit}`)
    const all = [...this.documents.keys()].sort().map(name => ({ uri: `shelf://${name}`, name }))
    return this.page === 0 ? all : all.filter(({ uri }) => after === undefined || uri > after).slice(0, limit)
  }

  protected override watch(uri: string, updated: () => void): () => void {
    this.log.push(`watch ${uri}`)
    this.#watched.set(uri, updated)
    return () => {
      this.log.push(`unwatch ${uri}`)
      this.#watched.delete(uri)
    }
  }

  protected override complete({ value }: CompleteRequest): Suggestions {
    return [...this.documents.keys()].filter(path => path.startsWith(value))
  }

  protected override extras(): readonly Component[] {
    return this.tools
  }

  protected override start(signal: AbortSignal): void {
    this.log.push('start')
    signal.addEventListener('abort', () => this.log.push('abort'))
  }

  protected override stop(): void {
    this.log.push('stop')
  }
}

/** A server that offers a source and writes nothing to the console. */
export function serving(provider: ResourceProvider): Server {
  const server = new Server({ name: 'test', version: '1.0.0', log: false })
  server.offer(provider)
  return server
}

/** The head of a connection of somebody. */
export function by(id: string, rest: Partial<Principal> = {}): Head {
  return { transport: 'test', principal: { id, ...rest } }
}
