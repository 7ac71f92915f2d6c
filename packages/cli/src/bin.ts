#!/usr/bin/env node
/** The `oarlock` command. */

import type { Writable } from 'node:stream'
import { keepCompiled } from './compile-cache.ts'

// Only what is imported after it is kept.
keepCompiled()
const { main } = await import('./main.ts')
process.exitCode = await main(process.argv.slice(2))
if (process.exitCode !== 0) {
  // A file that was loaded in vain may hold ports and timers. What was printed may still be on its way: it goes first.
  await Promise.all([written(process.stdout), written(process.stderr)])
  process.exit()
}

function written(stream: Writable): Promise<void> | void {
  if (stream.writableLength > 0) return new Promise(resolve => stream.write('', () => resolve()))
}
