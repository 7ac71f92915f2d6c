/** Which resource is a part of which: a server may report a part of what is watched. */

/** Whether `uri` is `above`, or names something below it. */
export function isWithin(uri: string, above: string): boolean {
  // Of two that are equal the character behind the end is none, which every text includes.
  return uri.startsWith(above) && (above.endsWith('/') || '/?#'.includes(uri.charAt(above.length)))
}
