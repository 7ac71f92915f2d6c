/** What the tests of files set up: a directory that is removed afterwards, a server of it, and somebody who asks. */

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Server } from '@oarlock/kernel'
import { files, type FileProvider, type FilesOptions } from '@oarlock/resources/files'
import { raw, type RawMessage, type RawPeer } from '@oarlock/testing'

/** A directory for one test. */
export class Ground implements AsyncDisposable {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  static async with(contents: Readonly<Record<string, string | Uint8Array>> = {}): Promise<Ground> {
    const ground = new Ground(await realpath(await mkdtemp(join(tmpdir(), 'oarlock-files-'))))
    for (const [path, content] of Object.entries(contents)) await ground.write(path, content)
    return ground
  }

  at(path: string): string {
    return join(this.path, path)
  }

  async write(path: string, content: string | Uint8Array): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true })
    await writeFile(this.at(path), content)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}

/** A server that offers files and writes nothing to the console. */
export function serving(provider: FileProvider): Server {
  const server = new Server({ name: 'test', version: '1.0.0', log: false, limits: { coalesce: 1 } })
  server.offer(provider)
  return server
}

/** A session of somebody who writes requests himself. */
export async function asking(server: Server): Promise<RawPeer> {
  const peer = raw(server)
  await peer.initialize('2025-11-25')
  return peer
}

/** A file source on a ground, and a session with it, for which nothing is watched unless the options say so. */
export async function opened(options: FilesOptions): Promise<{ server: Server; peer: RawPeer; provider: FileProvider }> {
  const provider = files({ watch: false, ...options })
  const server = serving(provider)
  return { server, provider, peer: await asking(server) }
}

/** What a read came to: its text, its bytes, or the number of its error. */
export async function readBy(peer: RawPeer, uri: string): Promise<string | Uint8Array | number> {
  const { result, error } = await peer.request('resources/read', { uri })
  if (error !== undefined) return error.code
  const [content] = (result as { contents: { text?: string; blob?: string }[] }).contents
  return content?.text ?? Buffer.from(content?.blob ?? '', 'base64')
}

/** The URIs of everything that is listed. */
export async function listedBy(peer: RawPeer): Promise<string[]> {
  const uris: string[] = []
  for (let cursor: unknown; ;) {
    const { result } = await peer.request('resources/list', cursor === undefined ? {} : { cursor: cursor as string })
    const { resources, nextCursor } = result as { resources: { uri: string }[]; nextCursor?: string }
    uris.push(...resources.map(({ uri }) => uri))
    cursor = nextCursor
    if (cursor === undefined) return uris
  }
}

/** Whether a message tells that a resource changed. */
export function tellsOf(uri: string): (message: RawMessage) => boolean {
  return ({ method, params }) => method === 'notifications/resources/updated' && params?.['uri'] === uri
}

/** Whether a message tells that the list changed. */
export const tellsOfList = ({ method }: RawMessage): boolean => method === 'notifications/resources/list_changed'
