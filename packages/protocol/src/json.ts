/** The shapes of parsed JSON, and the few questions asked about them everywhere. */

/** Any value JSON can carry. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined }

/** A JSON object. Members are `unknown` because what arrives from a peer is not yet checked. */
export type JsonObject = { readonly [key: string]: unknown }

/** Whether a parsed value is a JSON object: not null, not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Shortens text from a peer before it is repeated to anyone, so that an answer never grows with the question (THREATS T35). Half a surrogate pair,
 * the peer's own or one left by the cut, becomes U+FFFD: some parsers refuse a whole message for it.
 */
export function excerpt(text: string, length = 100): string {
  return text.length <= length ? wellFormed(text) : `${wellFormed(text.slice(0, length))}…`
}

const wellFormed = (text: string): string => text.replace(/\p{Surrogate}/gu, '\ufffd')
