/** Handlebars as far as we use it: the nodes its parser makes, and the parts that its own types leave out. */

/** A place in a text: lines from 1, columns from 0. */
export interface Position {
  readonly line: number
  readonly column: number
}

export interface Location {
  readonly start: Position
  readonly end: Position
}

interface NodeOf<T extends string> {
  readonly type: T
  readonly loc: Location
}

export interface Path extends NodeOf<'PathExpression'> {
  /** `@name`. */
  readonly data: boolean
  /** How many `../` stand before it. */
  readonly depth: number
  readonly parts: readonly string[]
  readonly original: string
}

export interface Literal extends NodeOf<'StringLiteral' | 'NumberLiteral' | 'BooleanLiteral' | 'UndefinedLiteral' | 'NullLiteral'> {
  readonly value?: unknown
  readonly original?: unknown
}

export interface SubExpression extends NodeOf<'SubExpression'>, Called {}

export type Expression = Path | Literal | SubExpression

export interface Hash extends NodeOf<'Hash'> {
  readonly pairs: readonly { readonly key: string; readonly value: Expression; readonly loc: Location }[]
}

/** What every use of a helper has. */
export interface Called {
  readonly path: Path | Literal | SubExpression
  readonly params: readonly Expression[]
  readonly hash?: Hash
}

/** Whether a helper would be called with nothing. */
export function isBare({ params, hash }: Called): boolean {
  return params.length === 0 && hash === undefined
}

export interface Program extends NodeOf<'Program'> {
  readonly body: readonly Statement[]
  readonly blockParams?: readonly string[]
}

export interface Mustache extends NodeOf<'MustacheStatement'>, Called {}

export interface Block extends NodeOf<'BlockStatement'>, Called {
  readonly program?: Program
  readonly inverse?: Program
}

export interface Partial extends NodeOf<'PartialStatement'> {
  readonly name: Path | Literal | SubExpression
  readonly params: readonly Expression[]
  readonly hash?: Hash
}

export interface PartialBlock extends NodeOf<'PartialBlockStatement'> {
  readonly name: Path | Literal | SubExpression
  readonly params: readonly Expression[]
  readonly hash?: Hash
  readonly program: Program
}

export interface Content extends NodeOf<'ContentStatement'> {
  readonly value: string
  readonly original: string
}

export type Statement =
  | Mustache
  | Block
  | Partial
  | PartialBlock
  | Content
  | NodeOf<'CommentStatement'>
  | NodeOf<'Decorator' | 'DecoratorBlock'>

/** A compiled template: functions by number and `main`, as Handlebars' runtime takes it. */
export interface Spec {
  readonly compiler: readonly [revision: number, versions: string]
  readonly main: unknown
  readonly [member: string]: unknown
}

/** A template at work. `options` with `partial` are taken as they are; nothing is merged or made anew per call. */
export type Rendered = (context: unknown, options: RunOptions) => string

/** What a template needs to run. */
export interface RunOptions {
  readonly partial: true
  readonly helpers: Readonly<Record<string, unknown>>
  readonly partials: Readonly<Record<string, unknown>>
  readonly hooks: object
  readonly protoAccessControl: object
  readonly data: object
}

/** The half that runs templates. */
export interface Runtime {
  template(spec: Spec): Rendered
}

/** What generated code is made of: text, and pieces that Handlebars joins. */
export type Code = unknown

/** The code generator, as far as ours replaces its parts. */
export interface Generator {
  readonly source: { readonly currentLocation?: Location }
  readonly environment: { readonly children: readonly { readonly index: number }[] }
  readonly useBlockParams?: boolean
  readonly useDepths?: boolean
  compile(environment: unknown, options: object, context: undefined, asObject: boolean): unknown
  popStack(): Code
  push(code: Code): void
  pushSource(code: Code): void
  aliasable(name: string): Code
  quotedString(text: string): string
  appendToBuffer(code: Code, location?: unknown, explicit?: boolean): Code
}

/** The first step of compilation, as far as ours replaces its parts. */
export interface Reader {
  readonly options: { readonly callsBare: ReadonlySet<string> }
  compile(program: Program, options: object): unknown
  classifySexpr(called: Called): string
}

/** The half that compiles. */
export interface Compiler extends Runtime {
  parse(text: string): Program
  readonly Compiler: new () => Reader
  readonly JavaScriptCompiler: new () => Generator
  create(): Compiler
}
