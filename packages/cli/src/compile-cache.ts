/** Lets Node keep what it compiles of the command and of the files that it serves, so that the next start need not do it again. */

import module from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * In a folder of this person's own: Node's choice, one below the folder for temporary files, could have been made by somebody else, with other code in it. Nothing happens
 * before Node 22.8, with `NODE_DISABLE_COMPILE_CACHE`, or where the folder cannot be written; `NODE_COMPILE_CACHE` names another.
 */
export function keepCompiled(): void {
  // Types of Node 24; on Node 20 it is not there.
  const { enableCompileCache } = module as Partial<typeof module>
  enableCompileCache?.(join(cacheFolder(), 'oarlock', 'compiled'))
}

/** The XDG base directories say that relative paths are to be ignored. */
function cacheFolder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  const told = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME
  return told !== undefined && isAbsolute(told) ? told : join(homedir(), '.cache')
}
