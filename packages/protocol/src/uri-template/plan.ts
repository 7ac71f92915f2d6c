/** Turns a parsed template into the steps of a matcher that never goes back, or says why it could not be read unambiguously. */

import { planQuery, type QueryPlan, splitTemplate } from './query.ts'
import type { Expression, Literal, Part, Variable } from './syntax.ts'

/** Text that must stand here. */
export interface LiteralStep {
  readonly kind: 'literal'
  readonly text: string
}

/** A variable that ends at a mark. */
export interface SlotStep {
  readonly kind: 'slot'
  readonly name: string
  /** The expression it belongs to, for messages. */
  readonly text: string
  /** The character that announces it; absent, so is the variable. Empty for one that must be there. */
  readonly lead: string
  /** Characters that cannot be part of the value. */
  readonly excludes: string
  /** Characters that end the value, because an optional expression that follows begins with them. */
  ends: string
  /** The literal that ends the value; empty when nothing but `ends` or the end of the URI does. */
  until: string
}

/** `{;a,b}`: named parameters up to the next slash, in any order. */
export interface MatrixStep {
  readonly kind: 'matrix'
  readonly text: string
  readonly names: readonly string[]
}

/** `{+name}` or `{/name*}`: takes everything that the steps around it leave. */
export interface GreedyStep {
  readonly kind: 'greedy'
  readonly name: string
  readonly text: string
  readonly list: boolean
}

export type Step = LiteralStep | SlotStep | MatrixStep | GreedyStep

/** A matcher: `head` is read forwards, `tail` backwards from the end, and `greedy` takes what is between. */
export interface Plan {
  readonly head: readonly Step[]
  readonly greedy: GreedyStep | undefined
  readonly tail: readonly Step[]
  readonly query: QueryPlan | undefined
  /** The variable of `{#name}`. */
  readonly fragment: string | undefined
}

/** What planning found out. The plan is sound only without problems. */
export interface Planned {
  readonly plan: Plan
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
}

/** Plans the matcher of a template. */
export function planTemplate(parts: readonly Part[]): Planned {
  const problems = new Set<string>()
  checkVariables(parts, problems)
  const { path, query, fragment } = splitTemplate(parts, problems)
  const steps = path.flatMap(part => (part.kind === 'literal' ? [literalStep(part)] : expressionSteps(part, problems)))
  const at = steps.findIndex(step => step.kind === 'greedy')
  const greedy = at === -1 ? undefined : (steps[at] as GreedyStep)
  const head = at === -1 ? steps : steps.slice(0, at)
  const tail = at === -1 ? [] : steps.slice(at + 1)
  head.forEach((_, index) => linkHead(steps, index, problems))
  if (greedy !== undefined) linkTail(greedy, tail, problems)
  const plan = { head, greedy, tail, query: query === undefined ? undefined : planQuery(query, problems), fragment }
  return { plan, problems: [...problems], warnings: [...head, ...tail].flatMap((step, index) => warning(step, index >= head.length)) }
}

function checkVariables(parts: readonly Part[], problems: Set<string>): void {
  const seen = new Set<string>()
  for (const part of parts) {
    if (part.kind === 'literal') continue
    for (const variable of part.variables) {
      if (seen.has(variable.name)) problems.add(`the variable ${variable.name} occurs twice; give each place its own name`)
      seen.add(variable.name)
      checkModifier(part, variable, problems)
    }
  }
}

function checkModifier({ text, operator }: Expression, { name, explode, prefix }: Variable, problems: Set<string>): void {
  if (prefix !== undefined) problems.add(`${text} cuts ${name} off, so it cannot be read back; write it without ":${prefix}"`)
  if (explode && operator !== '/' && operator !== '?' && operator !== '&') {
    problems.add(`${text} cannot be read back as a list; lists are {/${name}*}, {?${name}*} and {&${name}*}`)
  }
}

const literalStep = ({ text }: Literal): LiteralStep => ({ kind: 'literal', text })

function expressionSteps({ text, operator, variables }: Expression, problems: Set<string>): Step[] {
  if (operator === ';') return [{ kind: 'matrix', text, names: variables.map(({ name }) => name) }]
  if (operator === '+' && variables.length > 1) {
    problems.add(`${text} has values that may contain the "," between them; write one {+name}, or plain {a,b}`)
  }
  return variables.map(({ name, explode }, index): Step => {
    if (operator === '+' || (operator === '/' && explode)) return { kind: 'greedy', name, text, list: explode }
    const lead = operator === '' ? (index === 0 ? '' : ',') : operator
    const excludes = operator === '' && variables.length > 1 ? '/?#,' : '/?#'
    return { kind: 'slot', name, text, lead, excludes, ends: '', until: '' }
  })
}

/** Finds what ends the step at `index`, looking past whatever may be absent. */
function linkHead(steps: readonly Step[], index: number, problems: Set<string>): void {
  const step = steps[index] as Step
  if (step.kind === 'literal' || step.kind === 'greedy') return
  const lead = step.kind === 'matrix' ? ';' : step.lead
  for (const next of steps.slice(index + 1)) {
    const mark = markOf(next)
    if (mark === '') {
      const { text } = next as SlotStep | GreedyStep
      problems.add(`nothing shows where ${step.text} ends and ${text} begins; put a character between them, such as ${step.text}/${text}`)
      return
    }
    // The variables of one expression are filled in order, so they need no telling apart.
    if (mark === lead && next.text !== step.text) problems.add(mayBeAbsent(step, next))
    if (step.kind === 'matrix' && mark !== '/') problems.add(`${step.text} reaches to the next "/"; put one after it, or move it last`)
    if (next.kind === 'literal') {
      if (step.kind === 'slot') step.until = next.text
      return
    }
    if (step.kind === 'slot') step.ends += mark
  }
}

/** The character a step begins with; empty when it may begin with any. */
function markOf(step: Step): string {
  if (step.kind === 'literal') return step.text.charAt(0)
  if (step.kind === 'slot') return step.lead
  if (step.kind === 'matrix') return ';'
  return step.list ? '/' : ''
}

function mayBeAbsent(step: SlotStep | MatrixStep, next: Step): string {
  const what = next.kind === 'literal' ? `"${next.text}"` : next.text
  const name = step.kind === 'slot' ? step.name : step.names[0]
  const cure =
    next.kind !== 'literal'
      ? `join them as one expression, or write ${markOf(next)}{${name}} for what is always there`
      : `write ${markOf(next)}{${name}}`
  return `${step.text} may be absent and ${what} begins with the same "${markOf(next)}", so they cannot be told apart; ${cure}`
}

function linkTail(greedy: GreedyStep, tail: readonly Step[], problems: Set<string>): void {
  let until = ''
  for (const step of tail) {
    if (step.kind === 'literal') {
      until = step.text
      continue
    }
    if (step.kind === 'slot') step.until = until
    const problem = tailProblem(greedy.text, step, until)
    if (problem !== undefined) problems.add(problem)
    until = ''
  }
  const first = tail[0]
  if (greedy.list && first?.kind === 'literal' && !first.text.startsWith('/')) {
    problems.add(`${greedy.text} is followed by "${first.text}"; a list of segments ends at a "/" or at the end`)
  }
}

function tailProblem(greedy: string, step: Exclude<Step, LiteralStep>, until: string): string | undefined {
  const { text } = step
  if (step.kind === 'greedy')
    return `${greedy} and ${text} both take as much as they can; keep one, and write the other as a plain {${step.name}}`
  if (step.kind === 'matrix' || step.lead !== '') {
    return `${greedy} would swallow ${text}, which may be absent; put it before, or write a plain {name} behind a character`
  }
  return until === ''
    ? `nothing shows where ${greedy} ends and ${text} begins; put a character between them, such as ${greedy}/${text}`
    : undefined
}

// Whatever is reserved is encoded inside a value, so a mark that contains some cannot be taken for part of one.
const RESERVED = ":/?#[]@!$&'()*+,;="

function warning(step: Step, backwards: boolean): string[] {
  if (step.kind !== 'slot') return []
  const marks = step.ends.split('')
  if (step.until !== '') marks.push(step.until)
  const weak = marks.filter(mark => !mark.split('').some(char => RESERVED.includes(char)))
  const where = backwards ? 'only what follows the last one is taken' : 'it is cut at the first one'
  return weak.map(mark => `if a value of ${step.name} in ${step.text} contains "${mark}", ${where}`)
}
