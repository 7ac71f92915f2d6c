/** What says that there is nothing to open, or nothing that may be opened. */

/** Why something that is there is not opened: it lies outside, or it is neither a file nor a folder, or has names that it may not have. */
export type RefusalCode = 'OUTSIDE' | 'KIND'

/** Something is there, and is not opened. */
export class Refusal extends Error {
  readonly code: RefusalCode

  constructor(code: RefusalCode, path: string) {
    super(code === 'OUTSIDE' ? `${path} leads outside` : `${path} is of another kind`)
    this.code = code
  }
}

/** The root itself is not there, or is no directory that can be read. */
export class NoDirectory extends Error {
  readonly code = 'NO_DIRECTORY'
}

// Several of these are what a strange name comes to: too long, of a device, with a NUL in it.
const ABSENT: ReadonlySet<string | undefined> = new Set([
  'OUTSIDE',
  'KIND',
  'NO_DIRECTORY',
  'ENOENT',
  'ENOTDIR',
  'EISDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'ENXIO',
  'ENODEV',
  'EINVAL',
  'EACCES',
  'EPERM',
  'ERR_INVALID_ARG_VALUE',
])

/** The `code` of an error of the file system, or of one of those above. */
export function codeOf(cause: unknown): string | undefined {
  return (cause as { readonly code?: string } | undefined)?.code
}

/** What comes of the work; undefined when there is nothing to do it with. */
export async function unlessAbsent<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (cause) {
    if (ABSENT.has(codeOf(cause))) return undefined
    throw cause
  }
}
