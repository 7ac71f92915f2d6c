/** The way from text to code: Handlebars' compiler, loaded when the first template is parsed, with lookups of our own in what it generates. */

import { createRequire } from 'node:module'
import type { Code, Compiler, Generator, Program, Spec } from './handlebars.ts'

let loaded: { readonly compiler: Compiler; readonly Generator: new () => Generator } | undefined

/** Loads Handlebars on first use: it takes a fifth of a small server's start, which prompts without templates need not pay. */
function compiler(): NonNullable<typeof loaded> {
  if (loaded !== undefined) return loaded
  // Not the main door, which makes `require` compile every file that ends in .hbs.
  const { default: shared } = createRequire(import.meta.url)('handlebars/dist/cjs/handlebars.js') as { default: Compiler }
  const own = shared.create()
  loaded = { compiler: own, Generator: generatorOf(own) }
  return loaded
}

/** Lookups and output of generated code go through `hooks` (values.ts), which know no prototypes, call no functions, and name the line. */
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
        code = [this.aliasable('container.hooks.need'), '(', code, ', ', name, `, ${Number(line)}, ${Number(column)})`]
      }
      this.push(code)
    }

    /** Functions in values are never called. */
    resolvePossibleLambda(): void {}

    append(): void {
      this.pushSource(this.appendToBuffer([this.aliasable('container.hooks.text'), '(', this.popStack(), ')']))
    }
  }
  ;(Lookups.prototype as Generator).compiler = Lookups
  return Lookups
}

/** Parses a text. @throws TypeError for anything else: an object that looks like a syntax tree would become code (CVE-2026-33937) */
export function parse(text: string): Program {
  if (typeof text !== 'string') throw new TypeError('A template must be a string')
  return compiler().compiler.parse(text)
}

/** Turned off by name, because Handlebars takes them for known unless told otherwise. */
const OFF = { helperMissing: false, blockHelperMissing: false, log: false }

function generate(text: string, helpers: readonly string[], asObject: boolean): unknown {
  const { compiler: handlebars, Generator } = compiler()
  const known: Record<string, boolean> = Object.assign(Object.create(null) as object, OFF)
  for (const name of helpers) known[name] = true
  const options = { data: true, strict: true, noEscape: true, knownHelpersOnly: true, knownHelpers: known }
  return new Generator().compile(new handlebars.Compiler().compile(parse(text), options), options, undefined, asObject)
}

/** Compiles a text to something that runs. Needs `eval`. */
export function compileText(text: string, helpers: readonly string[]): Spec {
  return generate(text, helpers, true) as Spec
}

/** Compiles a text to the source of an expression, for a module. */
export function compileSource(text: string, helpers: readonly string[]): string {
  return generate(text, helpers, false) as string
}

/** The half of Handlebars that runs what it compiled. */
export const templateOf = (spec: Spec): ReturnType<Compiler['template']> => compiler().compiler.template(spec)
