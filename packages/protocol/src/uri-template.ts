/** URI templates (RFC 6570): expanded from values, and matched against URIs in one pass, without regular expressions or second tries. */

import { expandParts, type TemplateValues } from './uri-template/expand.ts'
import { matchPlan, type UriVariables } from './uri-template/match.ts'
import { planTemplate } from './uri-template/plan.ts'
import { InvalidTemplate, MAX_TEMPLATE_VARIABLES, parseTemplate, type Part } from './uri-template/syntax.ts'

/** A template compiled for a catalog. Immutable. */
export interface UriTemplate {
  /** As it was written. */
  readonly text: string
  /** Names of the variables, in order of appearance. */
  readonly variables: readonly string[]
  /** What every matching URI begins with: the text before the first expression. For an index. */
  readonly prefix: string
  /** The larger, the sooner it is tried: more literal text, then nothing that takes whole paths, then fewer variables. */
  readonly specificity: number
  /** Values that would not come back the way they went in, each as one sentence; for a check before serving. */
  readonly warnings: readonly string[]
  /** The URI these values make. @throws URIError for a value with half a surrogate pair, which no URI can hold */
  expand(values: TemplateValues): string
  /** The variables of a URI, in an object without prototype; undefined when the URI does not match. Never throws. */
  match(uri: string): UriVariables | undefined
}

/**
 * Compiles a template for matching. How a URI is read:
 * - `{name}` is one or more characters without `/`, `?` and `#`, up to the first place where what follows it in the template stands.
 * - `{+name}` takes as much as it can, slashes included; what stands behind it is found from the end. One such expression per template.
 * - `{/name*}` is a list of segments. `{/a}`, `{.a}`, `{;a}` and `{#a}` may be absent, and so may the second of `{a,b}`; then the variable is too.
 * - Query parameters may come in any order. Those of `{?a}` and `{&a}` may be absent, `?a={a}` must be there; unknown ones are ignored; a
 *   second value for one name does not match, except for a list, `{?a*}`.
 * - Values are percent-decoded exactly once; malformed encoding does not match. A decoded value may contain anything, `/` included: see `screen`.
 *
 * @throws InvalidTemplate for bad syntax, for more than 2048 characters or 32 variables, and for a template whose URIs could be read in two
 *   ways, saying which expressions and what to write instead
 */
export function compileTemplate(text: string): UriTemplate {
  const parts = parseTemplate(text)
  const { plan, problems, warnings } = planTemplate(parts)
  if (problems.length > 0) throw new InvalidTemplate(text, problems)
  const first = plan.head[0]
  const prefix = first?.kind === 'literal' ? first.text : ''
  return {
    text,
    variables: parts.flatMap(part => (part.kind === 'literal' ? [] : part.variables.map(({ name }) => name))),
    prefix,
    specificity: specificityOf(parts, plan.greedy !== undefined),
    warnings,
    expand: values => expandParts(parts, values),
    match: uri => (uri.startsWith(prefix) ? matchPlan(plan, uri) : undefined),
  }
}

/**
 * Expands a template that is only filled, never matched: all of RFC 6570, ambiguous templates and level 4 included.
 * @throws InvalidTemplate for bad syntax
 * @throws URIError for a value with half a surrogate pair, which no URI can hold
 */
export function expandTemplate(text: string, values: TemplateValues): string {
  return expandParts(parseTemplate(text), values)
}

/** Sorts templates so that the first match is the most specific one. Equally specific ones go by their text, never by chance. */
export function compareTemplates(a: UriTemplate, b: UriTemplate): number {
  if (a.specificity !== b.specificity) return b.specificity - a.specificity
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0
}

function specificityOf(parts: readonly Part[], greedy: boolean): number {
  let literal = 0
  let variables = 0
  for (const part of parts) {
    if (part.kind === 'literal') literal += part.text.length
    else variables += part.variables.length
  }
  // Three numbers in one: neither of the later two reaches the weight of the one before it.
  const steps = MAX_TEMPLATE_VARIABLES + 1
  return (literal * 2 + (greedy ? 0 : 1)) * steps + (MAX_TEMPLATE_VARIABLES - variables)
}
