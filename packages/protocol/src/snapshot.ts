/** Startup snapshots of Node: processes that begin with the memory of another. */

interface Platform {
  readonly process?: {
    readonly execArgv?: readonly string[]
    readonly getBuiltinModule?: (name: 'node:v8') => V8 | undefined
  }
}

interface V8 {
  /** Node answers with 0 or 1. */
  readonly startupSnapshot?: { isBuildingSnapshot(): unknown }
}

/** How Node is told to write one, by itself or into a single executable. `node:v8`, which knows for sure, takes 2 ms to load. */
const BUILDS = /^--(?:build-snapshot|experimental-sea-config|build-sea)/

/**
 * Whether Node is about to write this process into a startup snapshot. What is drawn at random now would be the same in every process that starts from it.
 */
export function isBuildingSnapshot(): boolean {
  const { process } = globalThis as Platform
  if (process?.execArgv?.some(argument => BUILDS.test(argument)) !== true) return false
  return Boolean(process.getBuiltinModule?.('node:v8')?.startupSnapshot?.isBuildingSnapshot())
}
