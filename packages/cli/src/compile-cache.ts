/** Lets Node keep what it compiles of the command and of the files that it serves, so that the next start need not do it again. */

import module from 'node:module'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * In a folder of this person's own: Node's choice, one below the folder for temporary files, could have been made by somebody else, with other code in it. Nothing happens
 * before Node 22.8, with `NODE_DISABLE_COMPILE_CACHE`, for somebody without a home, or where the folder cannot be written; `NODE_COMPILE_CACHE` names another.
 */
export function keepCompiled(): void {
  const folder = cacheFolder()
  // Types of Node 24; on Node 20 it is not there.
  const { enableCompileCache } = module as Partial<typeof module>
  if (folder !== undefined) enableCompileCache?.(join(folder, 'oarlock', 'compiled'))
}

/** Never a relative one: below a folder that somebody happens to be in may lie what others put there, and Node runs what it finds. */
function cacheFolder(): string | undefined {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  const told = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME
  if (told !== undefined && isAbsolute(told)) return told
  const home = homeFolder()
  return isAbsolute(home) ? join(home, '.cache') : undefined
}

/** Users of containers need not have one, and then Node throws. */
function homeFolder(): string {
  try {
    return homedir()
  } catch {
    return ''
  }
}
