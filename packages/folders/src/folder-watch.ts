/** One folder under watch. The files in it are not: the system tells of their changes, at a thousandth of the price. */

import { resolve } from 'node:path'

/** Who hears of a folder. */
export interface FolderListener {
  /**
   * Something happened to an entry, or to the folder itself, which is then told with its own name.
   * @param name undefined where the system does not tell it
   * @param isOther whether something else may go by that name now, or nothing
   */
  heard(name: string | undefined, isOther: boolean): void
  failed(cause: unknown): void
}

/**
 * Watches a folder, by its path. Resolves, when every change from now on is told, to how to end it; so it does where there is no such folder.
 * Only folders are watched: a watch of its own for each of 10,000 files costs 12 KB each, and systems that count them have few.
 */
export async function watchFolder(path: string, { heard, failed }: FolderListener): Promise<() => Promise<void>> {
  const { watch } = await import('chokidar')
  const watcher = watch(path, {
    ignoreInitial: true,
    followSymlinks: false,
    depth: 0,
    ignored: (each, stats) => stats !== undefined && resolve(each) !== path,
  })
  watcher.on('raw', (event, name: string | null) => heard(name ?? undefined, event !== 'change'))
  watcher.on('error', failed)
  await new Promise<void>(ready => watcher.once('ready', ready))
  return () => watcher.close()
}
