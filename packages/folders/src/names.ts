/** Names of files that mean the same on every system: what one of them would read as something else is refused on all (THREATS T20). */

/** The longest path below a root, in UTF-16 units. */
const MOST_LENGTH = 4_096

/** The most folders deep. */
export const MOST_DEPTH = 64

/** Windows opens a device for these, whatever the extension and wherever they stand. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])(?: *\..*| *)$/i

/** Separators, streams and drives, and control characters. U+FFFD stands for bytes that are no name at all, and half a surrogate pair is in no URI. */
// oxlint-disable-next-line no-control-regex -- they are what is refused
const FOREIGN = /[\u0000-\u001f\u007f\\/:\ufffd\p{Cs}]/u

/**
 * Whether a name can stand for a file or folder. Refused on every system: `.` and `..`, what contains a NUL, control characters, slashes,
 * backslashes or colons (drives, alternate streams), names of devices, and trailing dots and spaces, which Windows does not see.
 */
export function isPlainName(name: string): boolean {
  return name !== '' && name.length <= 255 && !FOREIGN.test(name) && !/[. ]$/.test(name) && !DEVICE.test(name)
}

/** The segments of a path below a root, or undefined when some of it is not plain. */
export function plainSegments(path: string): readonly string[] | undefined {
  if (path.length > MOST_LENGTH) return undefined
  const segments = path.split('/')
  return segments.length <= MOST_DEPTH && segments.every(isPlainName) ? segments : undefined
}
