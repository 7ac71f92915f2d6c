/** What is wrong with a template among others: names that are no arguments, arguments never used, messages where only text can be. */

import { nearest } from '@oarlock/kernel'
import { isCalledBare, type Builtin } from '../builtin.ts'
import type { Composed } from '../composed.ts'
import type { TemplateProblem } from '../definition.ts'
import {
  isBare,
  type Block,
  type Called,
  type Expression,
  type Location,
  type Mustache,
  type Partial,
  type Path,
  type Program,
  type Statement,
} from '../handlebars.ts'
import type { ProblemCode } from '../problem.ts'
import { problemAt } from '../source.ts'
import { follow, inner, itemOf, membersOf, NONE, type Known, type Scope } from './scope.ts'

/** A template as it is compiled. */
export interface Whole {
  readonly id: string
  readonly composed: Composed
}

/** Looked at per template, partials included; one with more is refused rather than understood. */
const MOST_NODES = 100_000

/** Where a walk is. */
interface Place {
  readonly whole: Whole
  readonly scope: Scope
  /** The message block around it. */
  readonly role: string | undefined
  /** The block around it that takes text only. */
  readonly text: string | undefined
  /** How many partials deep. */
  readonly depth: number
}

/** What a walk needs to know. */
export interface Surroundings {
  readonly helpers: ReadonlyMap<string, Builtin>
  readonly partial: (id: string) => Whole | undefined
  readonly programOf: (whole: Whole) => Program
  readonly depth: number
}

/** The walk through one template and the partials it includes. */
export class Usage {
  readonly problems: TemplateProblem[] = []
  /** Arguments that are used. */
  readonly used = new Set<string>()
  readonly #about: Surroundings
  readonly #template: string
  readonly #root: Scope
  #nodes = 0

  constructor(about: Surroundings, whole: Whole, root: Scope) {
    this.#about = about
    this.#template = whole.id
    this.#root = root
    this.#program(about.programOf(whole), { whole, scope: root, role: undefined, text: undefined, depth: 0 })
  }

  #program(program: Program | undefined, place: Place): void {
    for (const statement of program?.body ?? []) this.#statement(statement, place)
  }

  #statement(statement: Statement, place: Place): void {
    this.#nodes += 1
    if (this.#nodes === MOST_NODES) this.#problem('too-large', 'The template and what it includes are too large', statement.loc, place)
    if (this.#nodes >= MOST_NODES) return
    if (statement.type === 'MustacheStatement') this.#mustache(statement, place)
    else if (statement.type === 'BlockStatement') this.#block(statement, place)
    else if (statement.type === 'PartialStatement') this.#partial(statement, place)
  }

  #mustache(statement: Mustache, place: Place): void {
    const { path, loc } = statement
    const helper = this.#helperOf(statement)
    if (helper === undefined) {
      if (path.type === 'PathExpression') this.#path(path, place)
      return
    }
    if (helper.puts === 'block' && place.text !== undefined) {
      this.#problem('nested-message', `{{${helper.name}}} puts out a content block, and {{#${place.text}}} takes text only`, loc, place)
    }
    if (isBare(statement) && place.scope.isRoot && place.scope.names?.has(helper.name) === true) {
      const message = `{{${helper.name}}} is a helper, and an argument too. For the argument write {{this.${helper.name}}}`
      this.#problem('helper-use', message, loc, place)
    }
    this.#values(statement, place)
  }

  /** The helper of a statement; undefined when it is a value. */
  #helperOf(called: Mustache | Block): Builtin | undefined {
    const helper = this.#about.helpers.get(String((called.path as { original?: unknown }).original))
    if (helper === undefined || called.type === 'BlockStatement' || !isBare(called)) return helper
    return isCalledBare(helper) ? helper : undefined
  }

  #block(statement: Block, place: Place): void {
    const helper = this.#helperOf(statement)
    if (helper === undefined) return
    this.#values(statement, place)
    const role = helper.puts === 'message' ? helper.name : place.role
    const text = helper.holds === 'text' ? helper.name : place.text
    if (helper.puts === 'message' && place.role !== undefined) {
      this.#problem(
        'nested-message',
        `{{#${helper.name}}} stands within {{#${place.role}}}: a message cannot hold another`,
        statement.loc,
        place,
      )
    } else if (helper.puts !== 'value' && place.text !== undefined) {
      this.#problem('nested-message', `{{#${helper.name}}} stands within {{#${place.text}}}, which takes text only`, statement.loc, place)
    }
    this.#program(statement.program, { ...place, role, text, scope: this.#entered(helper, statement, place.scope) })
    this.#program(statement.inverse, { ...place, role, text })
  }

  #entered(helper: Builtin, { params: [first], program }: Block, scope: Scope): Scope {
    if (helper.enters === undefined) return scope
    const value = first === undefined ? undefined : this.#known(first, scope)
    const self = helper.enters === 'members' ? itemOf(value) : value
    const names = program?.blockParams ?? []
    return inner(
      self,
      scope,
      new Map([...scope.aliases, ...names.map((name, index): [string, Known] => [name, index === 0 ? self : undefined])]),
    )
  }

  #partial(statement: Partial, place: Place): void {
    const { name, params, hash, loc } = statement
    this.#values({ path: name, params, ...(hash === undefined ? {} : { hash }) }, place)
    const whole = this.#about.partial(String((name as { original?: unknown }).original))
    if (whole === undefined) return
    if (place.depth === this.#about.depth)
      return this.#problem('too-deep', `More than ${place.depth} partials within each other (limits.depth)`, loc, place)
    const [first] = params
    const scope = first === undefined ? place.scope : { ...inner(this.#known(first, place.scope), place.scope), outer: undefined }
    const given = new Map((hash?.pairs ?? []).map(({ key, value }) => [key, this.#known(value, place.scope)]))
    this.#program(this.#about.programOf(whole), {
      ...place,
      whole,
      depth: place.depth + 1,
      scope: { ...scope, outer: undefined, given: new Map([...scope.given, ...given]) },
    })
  }

  #values({ params, hash }: Called, place: Place): void {
    for (const param of params) this.#value(param, place)
    for (const { value } of hash?.pairs ?? []) this.#value(value, place)
  }

  #value(value: Expression, place: Place): void {
    if (value.type === 'PathExpression') this.#path(value, place)
    else if (value.type === 'SubExpression') this.#values(value, place)
  }

  /** Notes a use of a name, and complains of one that is not there. */
  #path({ data, depth, parts, loc }: Path, place: Place): void {
    const from = this.#from(data, depth, parts, place.scope)
    if (from === undefined) return
    const { scope, rest } = from
    const [name, ...members] = rest
    if (scope === 'none') return this.#undeclared(`../${rest.join('.')} leads out of the template`, loc, place)
    if (name === undefined) return this.#usedWhole(scope)
    const holder = holderOf(name, depth, scope)
    if (holder === scope.names && scope.isRoot) this.used.add(name)
    if (holder !== undefined && !holder.has(name)) return this.#undeclared(this.#unknownText(name, scope), loc, place)
    const { unknown, among = [] } = follow(holder?.get(name), members)
    if (unknown !== undefined) this.#undeclared(`'${name}' has no '${unknown}'.${nearest(unknown, among)}`, loc, place)
  }

  #unknownText(name: string, scope: Scope): string {
    if (scope.isRoot) return `'${name}' is no argument of '${this.#template}'.${nearest(name, [...(scope.names?.keys() ?? [])])}`
    const around =
      this.#root.names?.has(name) === true ? ` The argument is {{@root.${name}}} here.` : nearest(name, [...(scope.names?.keys() ?? [])])
    return `There is no '${name}' in the value of this block.${around}`
  }

  /** `this` with all its members is used. */
  #usedWhole(scope: Scope): void {
    if (scope.isRoot) for (const name of scope.names?.keys() ?? []) this.used.add(name)
  }

  /** Where a path starts. Undefined for `@index` and its kin; `none` for a way out of the template. */
  #from(
    data: boolean,
    depth: number,
    parts: readonly string[],
    scope: Scope,
  ): { readonly scope: Scope | 'none'; readonly rest: readonly string[] } | undefined {
    if (data) return parts[0] === 'root' ? { scope: this.#root, rest: parts.slice(1) } : undefined
    let at: Scope | undefined = scope
    for (let step = 0; step < depth; step += 1) at = at?.outer
    return { scope: at ?? 'none', rest: parts }
  }

  /** What is known of a value. */
  #known(value: Expression, scope: Scope): Known {
    if (value.type === 'StringLiteral') return { type: 'string' }
    if (value.type !== 'PathExpression') return undefined
    const from = this.#from(value.data, value.depth, value.parts, scope)
    if (from === undefined || from.scope === 'none') return undefined
    const [name, ...members] = from.rest
    if (name === undefined) return from.scope.self
    return follow(holderOf(name, value.depth, from.scope)?.get(name), members).schema
  }

  #undeclared(message: string, loc: Location, place: Place): void {
    this.#problem('undeclared-argument', message, loc, place)
  }

  #problem(code: ProblemCode, message: string, at: Location, { whole }: Place): void {
    this.problems.push(problemAt(code, message, whole.composed, at, whole.id))
  }
}

/** Where a name is found: `as |name|`, what a partial was given, or the members of the context. */
function holderOf(name: string, depth: number, { aliases, given, names }: Scope): ReadonlyMap<string, Known> | undefined {
  if (depth === 0 && aliases.has(name)) return aliases
  return given.has(name) ? given : names
}

/** The scope of a template's arguments. */
export function rootScope(properties: Readonly<Record<string, unknown>> | undefined, extra: readonly string[]): Scope {
  const self = properties === undefined ? undefined : { type: 'object', properties }
  const declared = membersOf(self)
  const names =
    declared === undefined || extra.includes('*')
      ? undefined
      : new Map([...declared, ...extra.map((name): [string, Known] => [name, undefined])])
  return { names, self, isRoot: true, outer: undefined, given: NONE, aliases: NONE }
}
