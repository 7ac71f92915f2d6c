/** What changed below a root, as far as it is known. */

/** Folders in which something changed. What it is, is for whoever hears it to find out. */
export class Changes {
  /** Paths below the root, with slashes; the root's own is empty. Undefined: perhaps all of them. */
  readonly folders: ReadonlySet<string> | undefined

  constructor(folders?: ReadonlySet<string>) {
    this.folders = folders
  }

  /** Whether a path may be that of something else by now: it lies in one of the folders, or below one that may have come or gone as a whole. */
  concerns(path: string): boolean {
    if (this.folders === undefined) return true
    for (let slash = path.lastIndexOf('/'); slash !== -1; slash = path.lastIndexOf('/', slash - 1))
      if (this.folders.has(path.slice(0, slash))) return true
    return this.folders.has('')
  }
}
