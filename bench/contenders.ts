/** Who takes part, over which transport, in which conversation. */
import { serverFile } from './compile.ts'
import type { Speech } from './scenarios.ts'

export interface Entrant {
  readonly name: string
  readonly file: string
  readonly speeches: readonly Speech[]
  readonly transports: readonly ('http' | 'stdio' | 'ws')[]
}

const BOTH: readonly Speech[] = ['2026-07-28', '2025-11-25']

/** The floor first: all others are told as multiples of it. */
export const ENTRANTS: readonly Entrant[] = [
  { name: 'floor', file: 'floor', speeches: BOTH, transports: ['http', 'stdio', 'ws'] },
  { name: 'Oarlock', file: 'oarlock', speeches: BOTH, transports: ['http', 'stdio', 'ws'] },
  { name: 'SDK v1', file: 'sdk-v1', speeches: ['2025-11-25'], transports: ['http', 'stdio'] },
  { name: 'SDK v2', file: 'sdk-v2', speeches: BOTH, transports: ['http', 'stdio'] },
  { name: 'tmcp', file: 'tmcp', speeches: BOTH, transports: ['http', 'stdio'] },
  { name: 'fastmcp', file: 'fastmcp', speeches: ['2025-11-25'], transports: ['http', 'stdio'] },
  { name: 'mcp-nest', file: 'mcp-nest', speeches: BOTH, transports: ['http'] },
]

/** The command that starts one. */
export function commandOf({ file }: Entrant, ...args: readonly string[]): readonly string[] {
  return [process.execPath, serverFile(file), ...args]
}
