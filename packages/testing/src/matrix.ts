/** One behaviour in every revision over every transport. */

import type { Server } from '@oarlock/kernel'
import { checkOptions, type OptionNames, REVISIONS, type Revision } from '@oarlock/protocol'
import { connected, TRANSPORTS, type Pair, type PairOptions, type TransportName } from './pair.ts'

/** One cell of the matrix. */
export interface Cell {
  readonly revision: Revision
  readonly transport: TransportName
  /** `2025-06-18 over http`, for the name of the test. */
  readonly name: string
  /** Connects a pair in this cell. */
  connect(server: Server, options?: Omit<PairOptions, 'revision' | 'transport'>): Promise<Pair>
}

/** Which cells. All of them when absent. */
export interface MatrixOptions {
  readonly revisions?: readonly Revision[]
  readonly transports?: readonly TransportName[]
}

const MATRIX_OPTIONS: OptionNames<MatrixOptions> = { revisions: true, transports: true }

/** The cells, revision by revision. With `each`, it is called for every one, to register a test. */
export function matrix(options: MatrixOptions = {}, each?: (cell: Cell) => void): readonly Cell[] {
  checkOptions(options, MATRIX_OPTIONS, 'matrix()')
  const { revisions = REVISIONS, transports = TRANSPORTS } = options
  const cells = revisions.flatMap(revision => transports.map(transport => cellOf(revision, transport)))
  for (const cell of cells) each?.(cell)
  return cells
}

function cellOf(revision: Revision, transport: TransportName): Cell {
  return {
    revision,
    transport,
    name: `${revision} over ${transport}`,
    connect: (server, options = {}) => connected(server, { ...options, revision, transport }),
  }
}
