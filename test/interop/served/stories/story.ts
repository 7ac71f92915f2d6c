/** What a story is, and where it can be told. */
import type { Revision } from '@oarlock/protocol'
import type { Guest } from '../guest.ts'

/** One way for an official client to reach our server. */
export interface Cell {
  readonly transport: 'stdio' | 'http'
  readonly revision: Revision
}

/** Something an official client does, with values asserted. Told on a connection that other stories use too. */
export interface Story {
  /** A sentence about behaviour. */
  readonly title: string
  /** Whether the revision and the transport have words for it. Everywhere when absent. */
  readonly where?: (cell: Cell) => boolean
  readonly tell: (guest: Guest, cell: Cell) => Promise<void>
}

/** Whether a revision is stateless. */
export const stateless = ({ revision }: Cell): boolean => revision === '2026-07-28'

/** Since a revision, that one included. */
export const since =
  (first: Revision) =>
  ({ revision }: Cell): boolean =>
    revision >= first
