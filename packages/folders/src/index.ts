/** The door of the folders: roots that nothing leads out of, and that tell what changed in them. */

export { codeOf, Refusal, type RefusalCode } from './absence.ts'
export { Changes } from './changes.ts'
export { Inside, type InsideOptions, type OpenDescriptor, type OpenFile, type OpenFolder } from './inside.ts'
export { markOf, settledMarkOf } from './mark.ts'
export { isPlainName, MOST_DEPTH, plainSegments } from './names.ts'
export { RootWatch, type RootWatchOptions } from './root-watch.ts'
export type { Ignores } from './tree-watch.ts'
