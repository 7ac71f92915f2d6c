/** How our server is started as a child process. */
import type { Revision } from '@oarlock/protocol'
import { fileURLToPath } from 'node:url'

const FILE = fileURLToPath(new URL('stdio.ts', import.meta.url))

/** Program and arguments. The server speaks the given revisions; all when none is. */
export function served(...revisions: readonly Revision[]): readonly string[] {
  return [process.execPath, ...process.execArgv, FILE, ...revisions]
}
