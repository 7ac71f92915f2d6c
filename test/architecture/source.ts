/** Reads the packages as text: which files there are, and what each imports. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { ROOT } from '../runner/place.ts'

export interface SourceFile {
  /** Relative to the repository: `packages/kernel/src/chain.ts`. */
  readonly path: string
  readonly package: string
  readonly text: string
  /** The text without its comments. */
  readonly code: string
  readonly imports: readonly Import[]
}

export interface Import {
  readonly specifier: string
  /** The imported file relative to the repository, when the specifier is a relative path. */
  readonly file: string | undefined
  /** Nothing but types: gone at run time. */
  readonly types: boolean
}

export interface Manifest {
  readonly name: string
  /** Not released: its code is bundled into the packages that import it. */
  readonly private?: boolean
  readonly exports: Readonly<Record<string, { readonly '@oarlock/source': string; readonly types: string } | string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** The packages' folder names. */
export const packages = readdirSync(join(ROOT, 'packages')).sort()

export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, 'packages', folder, 'package.json'), 'utf8')) as Manifest
}

/** Every TypeScript file of one part of a package: `src` or `test`. */
export function filesOf(folder: string, part: 'src' | 'test'): SourceFile[] {
  const root = join(ROOT, 'packages', folder, part)
  if (!existsSync(root)) return []
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .sort()
    .map(name => read(join(root, name), folder))
}

function read(file: string, folder: string): SourceFile {
  const text = readFileSync(file, 'utf8')
  const code = withoutComments(text)
  const imports = [...code.replace(PROSE, '').matchAll(IMPORT)].map(([, whole, list, specifier = '']) => ({
    specifier,
    file: specifier.startsWith('.') ? relative(ROOT, resolve(dirname(file), specifier)) : undefined,
    types: whole !== undefined || (list !== undefined && list.split(',').every(name => /^\s*(type\s|$)/.test(name))),
  }))
  return { path: relative(ROOT, file), package: folder, text, code, imports }
}

/** `import … from`, `export … from`, a bare `import`, and `import(…)`, for values and for types. */
const IMPORT = /(?:\b(?:import|export)\s+(type\s+)?(?:[\w$]+|\*(?:\s*as\s+[\w$]+)?|\{([^}]*)\})\s*from\s*|\bimport\s*\(?\s*)'([^'\n]+)'/g

/** Specifiers stand in single quotes; what stands in others may quote a line of code. */
const PROSE = /"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

/** Strings and templates are matched first, so that a `//` inside a URL starts no comment. */
const TOKEN = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[^]*?\*\/|\/\/.*/g

export function withoutComments(text: string): string {
  return text.replace(TOKEN, token => (token.startsWith('/') ? '' : token))
}
