/** Serves an example over stdio that its own program serves otherwise: `examples-stdio.ts FILE FACTORY`, the factory making a server. */
import { stdio } from '@oarlock/stdio'
import type { Server } from '@oarlock/kernel'
import { pathToFileURL } from 'node:url'

const [, , file = '', factory = ''] = process.argv
const made = (await import(pathToFileURL(file).href)) as Record<string, () => Server>
await made[factory]?.().listen(stdio())
