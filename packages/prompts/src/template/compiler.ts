/** The way from text to code: Handlebars' compiler, loaded when the first template is parsed, with lookups of our own in what it generates. */

import { createRequire } from 'node:module'
import { isCalledBare, type Builtin } from './builtin.ts'
import { isBare, type Called, type Code, type Compiler, type Generator, type Path, type Program, type Spec } from './handlebars.ts'

interface Loaded {
  readonly handlebars: Compiler
  readonly Reader: Compiler['Compiler']
  readonly Generator: Compiler['JavaScriptCompiler']
}

let loaded: Loaded | undefined

/** Loads Handlebars on first use: it takes a fifth of a small server's start, which prompts without templates need not pay. */
function compiler(): Loaded {
  if (loaded !== undefined) return loaded
  // Not the main door, which makes `require` compile every file that ends in .hbs.
  const { default: shared } = createRequire(import.meta.url)('handlebars/dist/cjs/handlebars.js') as { default: Compiler }
  const handlebars = shared.create()
  loaded = { handlebars, Reader: readerOf(handlebars), Generator: generatorOf(handlebars) }
  return loaded
}

/** A name by itself is a value, unless it is a helper that takes none: an argument may be called `date` or `list`. */
function readerOf({ Compiler: Plain }: Compiler): Compiler['Compiler'] {
  class Reader extends Plain {
    override classifySexpr(called: Called & { readonly type: string }): string {
      const kind = super.classifySexpr(called)
      if (kind !== 'helper' || called.type !== 'MustacheStatement' || !isBare(called)) return kind
      return this.options.callsBare.has((called.path as Path).original) ? kind : 'simple'
    }
  }
  // What its children are made of.
  Object.assign(Reader.prototype, { compiler: Reader })
  return Reader
}

/** Lookups, output and blocks of generated code go through `hooks`, which know no prototypes, call no functions, and name the line. */
function generatorOf({ JavaScriptCompiler }: Compiler): new () => Generator {
  class Lookups extends JavaScriptCompiler {
    resolvePath(_type: string, parts: readonly string[], start: number, _falsy: boolean, strict?: boolean): void {
      let code: Code = this.popStack()
      const last = strict === true ? parts.length - 1 : parts.length
      for (const part of parts.slice(start, last)) {
        code = [this.aliasable('container.hooks.get'), '(', code, ', ', this.quotedString(part), ')']
      }
      if (strict === true) {
        const { line = 0, column = 0 } = this.source.currentLocation?.start ?? {}
        const name = this.quotedString(parts[last] as string)
        code = [this.aliasable('container.hooks.need'), '(', code, ', ', name, `, ${line}, ${column})`]
      }
      this.push(code)
    }

    /** Functions in values are never called. */
    resolvePossibleLambda(): void {}

    programExpression(guid: number): string {
      const blockParams = this.useBlockParams || this.useDepths ? 'blockParams' : 'undefined'
      const index = Number(this.environment.children[guid]?.index)
      return `container.hooks.block(container, ${index}, data, ${blockParams}, ${this.useDepths ? 'depths' : 'undefined'})`
    }

    append(): void {
      this.pushSource(this.appendToBuffer([this.aliasable('container.hooks.text'), '(', this.popStack(), ')']))
    }
  }
  Object.assign(Lookups.prototype, { compiler: Lookups })
  return Lookups
}

/** Parses a text. @throws TypeError for anything else: an object that looks like a syntax tree would become code (CVE-2026-33937) */
export function parse(text: string): Program {
  if (typeof text !== 'string') throw new TypeError('A template must be a string')
  return compiler().handlebars.parse(text)
}

/** Turned off by name, because Handlebars takes them for known unless told otherwise. */
const OFF = { helperMissing: false, blockHelperMissing: false, log: false }

function generate(text: string, helpers: ReadonlyMap<string, Builtin>, asObject: boolean): unknown {
  const { Reader, Generator } = compiler()
  const knownHelpers: Record<string, boolean> = Object.assign(Object.create(null) as object, OFF)
  const callsBare = new Set<string>()
  for (const helper of helpers.values()) {
    knownHelpers[helper.name] = true
    if (isCalledBare(helper)) callsBare.add(helper.name)
  }
  const options = { data: true, strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers, callsBare }
  return new Generator().compile(new Reader().compile(parse(text), options), options, undefined, asObject)
}

/** Compiles a text to something that runs. Needs `eval`. */
export function compileText(text: string, helpers: ReadonlyMap<string, Builtin>): Spec {
  return generate(text, helpers, true) as Spec
}

/** Compiles a text to the source of an expression, for a module. */
export function compileSource(text: string, helpers: ReadonlyMap<string, Builtin>): string {
  return generate(text, helpers, false) as string
}

/** The half of Handlebars that runs what it compiled. */
export const templateOf = (spec: Spec): ReturnType<Compiler['template']> => compiler().handlebars.template(spec)
