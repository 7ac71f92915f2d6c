/** Headers that are sent upstream: written once, with values from the environment, and shown to nobody. */

/** Headers, ready, and the secrets in them. */
export interface PreparedHeaders {
  readonly headers: Readonly<Record<string, string>>
  /** Values that came from the environment, to be taken out of answers that repeat them. */
  readonly secrets: readonly string[]
}

const NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
const VARIABLE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g
/** Headers that the connection needs for itself. */
const OWN = new Set(
  [
    'host connection content-length transfer-encoding accept-encoding te trailer upgrade expect keep-alive',
    'proxy-authorization proxy-connection if-none-match if-modified-since range',
  ].flatMap(line => line.split(' ')),
)
/** What is shorter occurs by chance. */
const MIN_SECRET = 6

/**
 * Fills in `${NAME}`. What is in the environment is in no error.
 * @throws TypeError for a variable that is not set or empty, and for what is no header
 */
export function prepareHeaders(
  given: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
  provider: string,
): PreparedHeaders {
  const headers: Record<string, string> = Object.create(null)
  const secrets = new Set<string>()
  for (const [name, template] of Object.entries(given)) {
    const where = `${provider}: the header ${JSON.stringify(name)}`
    if (!NAME.test(name)) throw new TypeError(`${where} is no name of a header`)
    if (OWN.has(name.toLowerCase())) throw new TypeError(`${where} is set by the connection itself`)
    const value = template.replaceAll(VARIABLE, (_, variable: string) => {
      const found = Object.hasOwn(env, variable) ? env[variable] : undefined
      if (found === undefined || found === '') throw new TypeError(`${where} needs ${variable}, which is not set in the environment`)
      if (found.length >= MIN_SECRET) secrets.add(found)
      return found
    })
    if (!VALUE.test(value)) throw new TypeError(`${where} would hold characters that no header can; look at the variables in it`)
    headers[name] = value
  }
  return { headers, secrets: [...secrets].sort((a, b) => b.length - a.length) }
}

/** Text without the secrets that an upstream repeated. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[redacted]'), text)
}
