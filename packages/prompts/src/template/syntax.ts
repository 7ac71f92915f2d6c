/** What the parser complains about, in words of the template's author. */

import type { Location, Position } from './handlebars.ts'

/** A mistake and where it is. */
export interface Mistake {
  readonly message: string
  readonly at: Location | undefined
}

const at = (line: number, column = 0): Location => ({ start: { line, column }, end: { line, column } })

/** Words for what the parser names by its tokens. */
const GOT: Readonly<Record<string, string>> = {
  EOF: 'The template ends within a block or expression',
  OPEN_ENDBLOCK: 'This closes a block that is not open',
  INVALID: 'There is a character that cannot stand here',
  NUMBER: 'A number cannot stand here. A name that ends in one goes between quotes or brackets: {{> "review@1.0"}}, {{list.[0]}}',
  CLOSE: 'The expression ends too early',
}

/** Reads what Handlebars' parser threw. */
export function syntaxMistake(text: string, thrown: unknown): Mistake {
  const { message, lineNumber, column } = thrown as { message: string; lineNumber?: number; column?: number }
  if (lineNumber !== undefined) return { message: message.replace(/ - \d+:\d+$/, ''), at: at(lineNumber, column) }
  const line = Number(/ on line (\d+)/.exec(message)?.[1] ?? 1)
  const got = /got '(\w+)'/.exec(message)?.[1] ?? ''
  if (got === 'EOF') {
    const open = unclosed(text)
    if (open !== undefined) return { message: `{{#${open.name}}} is never closed. Write {{/${open.name}}}`, at: at(open.line, open.column) }
  }
  return { message: GOT[got] ?? `This is not Handlebars${got === '' ? '' : `: ${got} cannot stand here`}`, at: at(line) }
}

const TAG = /\{\{~?([#^/])\*?>?\s*([^\s}~]+)/g

/** The innermost block that is open at the end of the text. */
function unclosed(text: string): (Position & { readonly name: string }) | undefined {
  const open: { readonly name: string; readonly index: number }[] = []
  for (const { 1: kind, 2: name = '', index } of text.matchAll(TAG)) {
    if (kind === '/') open.pop()
    else open.push({ name, index })
  }
  const last = open.at(-1)
  if (last === undefined) return undefined
  const before = text.slice(0, last.index).split('\n')
  return { name: last.name, line: before.length, column: (before.at(-1) as string).length }
}
