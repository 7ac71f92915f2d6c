/** What a source of files is made with. */

import type { Duration } from '@oarlock/kernel'
import type { OptionNames, Annotations, Icon } from '@oarlock/protocol'
import type { Access } from '../access.ts'
import { RESOURCE_PROVIDER_OPTIONS, type ResourceProviderOptions } from '../provider/options.ts'

/** A directory whose files are resources. */
export interface FileRoot {
  readonly path: string
  /** Letters, digits, `_`, `.` and `-`; the last part of the path when absent. */
  readonly name?: string
  readonly title?: string
  readonly description?: string
  readonly icons?: readonly Icon[]
  /** What its URIs begin with, ending in a slash. `file:///` and the name when absent, so that clients do not learn where on the machine it is. */
  readonly uri?: string
  /** Who may read which of its URIs, besides the rules of the provider: both must agree. */
  readonly access?: Access
  /**
   * `later`: the directory may be made, or removed and made anew, while the server runs; without it there are no files. `refuse` when absent: a directory
   * that is not there, or cannot be read, is an error of `files()`.
   */
  readonly missing?: 'refuse' | 'later'
  /** Patterns in the syntax of `.gitignore` for what is left out. `node_modules/` when absent. */
  readonly ignore?: string | readonly string[]
  /** Whether the root's own `.gitignore` files count, too. Off when absent. */
  readonly gitignore?: boolean
  /** Globs for the only files that count, such as `**` + `/*.md`. */
  readonly only?: string | readonly string[]
  /** Whether files and folders count whose name begins with a dot. Off when absent. */
  readonly hidden?: boolean
  /** `inside` follows symbolic links to files that are below the same root and themselves allowed. `refuse` when absent. */
  readonly symlinks?: 'refuse' | 'inside'
  /** `refuse` leaves out files that have another name somewhere, which may be outside. `allow` when absent. */
  readonly hardLinks?: 'allow' | 'refuse'
  readonly annotations?: Annotations
}

/** The names of all options. */
export const ROOT_OPTIONS: OptionNames<FileRoot> = {
  path: true,
  name: true,
  title: true,
  description: true,
  icons: true,
  uri: true,
  access: true,
  missing: true,
  ignore: true,
  gitignore: true,
  only: true,
  hidden: true,
  symlinks: true,
  hardLinks: true,
  annotations: true,
}

/** Options of a source of files. */
export interface FilesOptions extends Omit<ResourceProviderOptions, 'name'> {
  /** `files` when absent. */
  readonly name?: string
  readonly roots: string | FileRoot | readonly (string | FileRoot)[]
  /**
   * When the directories are watched: `followed`, while some client follows a file or the list, as every session does from its handshake on; `always`, from
   * the first offer to the end of the last, so that lists are fresh without looking; false: never, and files are not followed. `followed` when absent.
   */
  readonly watch?: 'followed' | 'always' | false
  /** How long after a change more of them are waited for. `50ms` when absent. */
  readonly debounce?: Duration
  /** Look at everything again so often, instead of asking the system to tell: for network drives and some containers. */
  readonly poll?: Duration
  /** While nothing is watched, how old a listing may be. `2s` when absent. */
  readonly fresh?: Duration
  /** The most files of a root that are listed. What is beyond is reported, and can be read all the same. 100,000 when absent. */
  readonly maxFiles?: number
}

/** The names of all options. */
export const FILES_OPTIONS: OptionNames<FilesOptions> = {
  ...RESOURCE_PROVIDER_OPTIONS,
  name: true,
  roots: true,
  watch: true,
  debounce: true,
  poll: true,
  fresh: true,
  maxFiles: true,
}
