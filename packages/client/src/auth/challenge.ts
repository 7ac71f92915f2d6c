/** Reads `WWW-Authenticate`: several challenges in one value, parameters quoted or not (RFC 9110, section 11.6.1; C-AUTH-01). */

/** One challenge. Names of schemes and parameters are in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly params: ReadonlyMap<string, string>
}

/** A scheme, a parameter, or a separator; sticky, so that anything else ends the reading instead of being searched through. */
const PIECE =
  /[\s,]*(?:([!#$%&'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([!#$%&'*+.^_`|~\w-]+)(?:[ \t]+([\w.~+/-]+=*)(?=\s*(?:,|$)))?)/y
const LONGEST = 16_384

/** The challenges of a header value, in order. What cannot be read ends the list. */
export function challengesOf(value: string | undefined): Challenge[] {
  const list: { scheme: string; params: Map<string, string> }[] = []
  if (value === undefined || value.length > LONGEST) return list
  PIECE.lastIndex = 0
  for (let piece = PIECE.exec(value); piece !== null && piece[0] !== ''; piece = PIECE.exec(value)) {
    const [, name, quoted, plain, scheme] = piece
    if (scheme !== undefined) list.push({ scheme: scheme.toLowerCase(), params: new Map() })
    const params = list.at(-1)?.params
    // A parameter named twice is somebody's attempt to be read in two ways: the first counts.
    if (name !== undefined && params !== undefined && !params.has(name.toLowerCase())) {
      params.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '')
    }
  }
  return list
}

/** What a server's refusal says that matters here. */
export interface Demand {
  readonly error: string | undefined
  readonly scope: string | undefined
  readonly resourceMetadata: string | undefined
}

/** The demand of the first challenge that OAuth answers: Bearer or DPoP, the preferred one first. */
export function demandOf(value: string | undefined, preferred: 'bearer' | 'dpop'): Demand {
  const challenges = challengesOf(value).filter(({ scheme }) => scheme === 'bearer' || scheme === 'dpop')
  const ordered = challenges.toSorted((a, b) => Number(b.scheme === preferred) - Number(a.scheme === preferred))
  const find = (name: string): string | undefined => ordered.find(({ params }) => params.has(name))?.params.get(name)
  return { error: find('error'), scope: find('scope'), resourceMetadata: find('resource_metadata') }
}
