/** Lets vitest find the packages of this workspace where its own process does: built, or as sources. */

import { defineConfig } from 'vitest/config'

const source = process.execArgv.includes('@oarlock/source')

export default defineConfig({
  ...(source ? { ssr: { resolve: { conditions: ['@oarlock/source', 'module', 'node', 'default'] } } } : {}),
  test: { include: ['*.spec.ts'] },
})
