/** The house in a process of its own, spoken to in lines. */
import { fileURLToPath } from 'node:url'
import { Peer } from '../../packages/stdio/test/peer.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Starts it. */
export function houseProcess(node: readonly string[] = []): Peer {
  return new Peer([...node, '-C', '@oarlock/source', '--import', `${ROOT}test/runner/register.ts`, `${ROOT}test/threats/stdio-house.ts`])
}

/** An answer of it. */
export interface Reply {
  readonly id?: string | number
  readonly result?: { readonly content?: readonly { readonly text: string }[]; readonly isError?: boolean }
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** The next answer. */
export function next(peer: Peer): Promise<Reply> {
  return peer.next()
}
