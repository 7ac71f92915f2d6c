/** The short way to a source of files. */

import type { FilesOptions } from './options.ts'
import { FileProvider } from './provider.ts'

/**
 * Offers the files of directories as resources: `server.offer(files({ roots: './notes' }))`.
 * @throws TypeError for options that cannot be, Error for a root that is no directory, unless it may be `missing`
 */
export function files(options: FilesOptions): FileProvider {
  return new FileProvider(options)
}
