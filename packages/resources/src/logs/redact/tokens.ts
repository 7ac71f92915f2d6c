/** Secrets that are known by their shape, wherever they stand. */

/** A shape. */
export interface TokenRule {
  readonly name: string
  /** Texts of which one is in every match, so that most text is passed on without running the pattern. */
  readonly hints: readonly string[]
  /** The shortest text in which a match can be. */
  readonly least?: number
  readonly pattern: RegExp
  /** What stands for a match; the mark alone when absent. */
  readonly keep?: string
}

/*
 * Each pattern is linear: it begins with fixed text that cannot stand within its own repeated part, or is kept by a lookbehind from beginning anew inside
 * a run that it has seen; no two repeated parts beside each other share a character.
 */
const rule = (name: string, hints: readonly string[], pattern: RegExp, keep?: string): TokenRule =>
  keep === undefined ? { name, hints, pattern } : { name, hints, pattern, keep }

/** The default rules, by name. */
export const TOKEN_RULES: readonly TokenRule[] = [
  rule(
    'private-key',
    ['PRIVATE KEY'],
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----[^]*?(?:-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|$)/g,
  ),
  rule(
    'bearer',
    ['earer', 'EARER', 'DPoP'],
    /\b([Bb]earer|BEARER|DPoP)(\s{1,8})(?=[^\s"',;]{0,256}[0-9=._~+/A-Z-])[A-Za-z0-9._~+/=-]{8,}/g,
    '$1$2',
  ),
  rule('basic', ['asic ', 'ASIC '], /\b([Bb]asic|BASIC)(\s{1,8})(?=[^\s"',;]{0,256}[0-9=+/A-Z])[A-Za-z0-9+/=_-]{8,}/g, '$1$2'),
  rule('jwt', ['eyJ'], /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,3}/g),
  rule('aws', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g),
  rule('github', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'], /(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g),
  rule('gitlab', ['glpat-'], /glpat-[A-Za-z0-9_]{16,}[A-Za-z0-9_.-]{0,64}/g),
  rule(
    'slack',
    ['xox', 'xapp-', 'hooks.slack.com'],
    /(?:xox[abeoprs]-|xapp-|hooks\.slack\.com\/(?:services|workflows)\/)(?:[A-Za-z0-9/]{1,128}-?){1,8}/g,
  ),
  rule('npm', ['npm_'], /npm_[A-Za-z0-9]{30,}/g),
  rule('openai', ['sk-'], /(?<![A-Za-z0-9_-])sk-[A-Za-z0-9_-]{16,}/g),
  rule('stripe', ['k_live_', 'k_test_', 'whsec_'], /(?:[rsp]k_(?:live|test)_|whsec_)[A-Za-z0-9+/=]{16,}/g),
  rule(
    'google',
    ['AIza', 'ya29.', 'GOCSPX-'],
    /(?:AIza[A-Za-z0-9_-]{35}|(?<![A-Za-z0-9_-])ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,64})/g,
  ),
  rule('hugging-face', ['hf_'], /(?<![A-Za-z0-9_])hf_[A-Za-z0-9]{30,}/g),
  rule('sendgrid', ['SG.'], /(?<![A-Za-z0-9_.-])SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/g),
  // The lines of a key or certificate, when they come one by one.
  { name: 'base64-line', hints: [], least: 60, pattern: /^[A-Za-z0-9+/]{60,80}={0,2}$/gm },
]
