/** The door of @oarlock/stdio: a server on standard input and output. The client half is `@oarlock/stdio/client`. */

export type { StdioOptions } from './server/options.ts'
export { stdio } from './server/stdio.ts'
export { divertStdout } from './server/stdout-guard.ts'
