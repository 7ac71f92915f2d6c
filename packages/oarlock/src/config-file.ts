/** Reads the file in which a host lists its servers. */

import { checkOptions, type OptionNames, reasonOf } from '@oarlock/protocol'

/** A list of servers that is read from a file. */
export interface ConfigFile {
  /** Its path, from the working directory on where it is relative, or its `file:` URL. */
  readonly file: string | URL
}

const CONFIG_FILE: OptionNames<ConfigFile> = { file: true }

/** Whether a file is meant, and not the list itself. */
export function isConfigFile(config: unknown): config is ConfigFile {
  return typeof config === 'object' && config !== null && Object.hasOwn(config, 'file')
}

/** The text of the file, and its path for errors. @throws TypeError for a file that cannot be read, which says why */
export async function readConfig(config: ConfigFile): Promise<{ readonly path: string; readonly text: string }> {
  checkOptions(config, CONFIG_FILE, 'connectAll({ file })')
  const { file } = config
  // Not imported, so that what is bundled for a page asks for nothing of Node.
  const fs = process.getBuiltinModule('node:fs/promises')
  const { resolve } = process.getBuiltinModule('node:path')
  const isUrl = file instanceof URL || file.startsWith('file:')
  const path = isUrl ? process.getBuiltinModule('node:url').fileURLToPath(file) : resolve(file)
  try {
    return { path, text: await fs.readFile(path, 'utf8') }
  } catch (cause) {
    throw new TypeError(`The list of servers in ${path} cannot be read: ${reasonOf(cause)}`, { cause })
  }
}
