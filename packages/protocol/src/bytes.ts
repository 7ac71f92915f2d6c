/** Bytes as text: base64 and its URL-safe spelling (RFC 4648), strictly. Of all texts that decode to the same bytes one is right, and only that is read. */

/** Characters made at once: a function takes only so many arguments. */
const CHUNK = 8192

/** Base64 of bytes. */
export function toBase64(bytes: Uint8Array): string {
  const withBase64 = bytes as Uint8Array & { toBase64?: () => string }
  if (withBase64.toBase64 !== undefined) return withBase64.toBase64()
  let binary = ''
  for (let start = 0; start < bytes.length; start += CHUNK) binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK))
  return btoa(binary)
}

/** Bytes of base64; undefined for what `toBase64` would not have written. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text)
    // atob forgives missing padding, white space and stray bits.
    if (btoa(binary) !== text) return undefined
    const bytes = new Uint8Array(binary.length)
    for (let index = 0; index < bytes.length; index += 1) bytes[index] = binary.charCodeAt(index)
    return bytes
  } catch {
    return undefined
  }
}

/** URL-safe base64 of bytes, without padding. */
export function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Bytes of URL-safe base64; undefined for what `toBase64Url` would not have written. */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined
  return fromBase64(text.replaceAll('-', '+').replaceAll('_', '/') + '='.repeat(-text.length & 3))
}
