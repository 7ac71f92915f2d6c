/** Which resource is a part of which: a server may report a part of what is watched. */

/** Whether `uri` names something below `above`. */
export function isBelow(uri: string, above: string): boolean {
  return uri.startsWith(above) && (above.endsWith('/') || '/?#'.includes(uri.charAt(above.length)))
}
