/** A folder of prompts on disk: what is in it, read without ever leaving it. */

import { readdirSync, readFileSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { InvalidPrompts, type PromptProblem, type PromptProblemCode } from '../registry/problem.ts'
import type { PromptFile } from './prompt-file.ts'

/** Bytes a prompt file may have. */
const MOST_BYTES = 1024 * 1024
/** Files a folder may hold, and folders within folders. */
const MOST_FILES = 50_000
const MOST_DEPTH = 32

/** What was found at a path: a file, nothing, or something that cannot be read. */
export type Found = { readonly file: PromptFile } | { readonly gone: true } | { readonly problem: PromptProblem }

/** A folder. Symbolic links are followed as long as they lead to places inside it. */
export class PromptFolder {
  /** As it was given, which is how problems name it. */
  readonly name: string
  /** Where it really is. */
  readonly root: string

  /** @throws InvalidPrompts when there is no such folder */
  constructor(name: string) {
    this.name = name
    this.root = rootOf(name)
  }

  /** Paths of all Markdown files, sorted, with `/` between their parts. @throws InvalidPrompts for what cannot be walked through */
  paths(): readonly string[] {
    const found: string[] = []
    this.#walk('', found, 0)
    return found.sort()
  }

  /** Whether a path may be that of a prompt or a fragment. Hidden files and READMEs are none. */
  static takes(path: string): boolean {
    return path.endsWith('.md') && !/(?:^|\/)(?:\.|node_modules\/|README\.md$)/i.test(path)
  }

  /** Reads a file. */
  read(path: string): Found {
    const label = join(this.name, path)
    const problem = (code: PromptProblemCode, message: string): Found => ({ problem: { severity: 'error', code, message, file: label } })
    try {
      const real = this.inside(path)
      if (real === undefined) return problem('outside', 'leads out of the folder by a symbolic link')
      const bytes = readFileSync(real)
      if (bytes.length > MOST_BYTES) return problem('too-large', `has ${bytes.length} bytes; ${MOST_BYTES} are allowed`)
      const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
      return { file: { path, label, text: text.replaceAll('\r\n', '\n') } }
    } catch (error) {
      const { code } = error as { code?: string }
      if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR') return { gone: true }
      return error instanceof TypeError
        ? problem('not-utf8', 'is not UTF-8')
        : problem('unreadable', `cannot be read: ${code ?? String(error)}`)
    }
  }

  /** The real path of a file in the folder; undefined when it lies elsewhere. Throws when there is none. */
  inside(path: string): string | undefined {
    const real = realpathSync.native(join(this.root, path))
    return real.startsWith(this.root.endsWith(sep) ? this.root : this.root + sep) ? real : undefined
  }

  #walk(path: string, found: string[], depth: number): void {
    const label = join(this.name, path)
    if (depth > MOST_DEPTH)
      throw invalid('unreadable', label, `folders nest deeper than ${MOST_DEPTH}, or a symbolic link leads in a circle`)
    for (const entry of entriesOf(join(this.root, path), label)) {
      const child = path === '' ? entry.name : `${path}/${entry.name}`
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
      if (entry.isDirectory() || (entry.isSymbolicLink() && this.#isFolder(child))) this.#walk(child, found, depth + 1)
      else if (PromptFolder.takes(child)) found.push(child)
      if (found.length > MOST_FILES) throw invalid('unreadable', this.name, `holds more than ${MOST_FILES} prompts`)
    }
  }

  #isFolder(path: string): boolean {
    try {
      const real = this.inside(path)
      return real !== undefined && statSync(real).isDirectory()
    } catch {
      return false
    }
  }
}

function invalid(code: PromptProblemCode, file: string, message: string): InvalidPrompts {
  return new InvalidPrompts([{ severity: 'error', code, message, file }])
}

function rootOf(name: string): string {
  const place = resolve(name)
  const elsewhere = place === name ? '' : `: looked for at ${place}`
  try {
    if (statSync(name).isDirectory()) return realpathSync.native(name)
  } catch (error) {
    throw invalid('no-folder', name, `there is no such folder to read prompts from${elsewhere}${reason(error)}`)
  }
  throw invalid('no-folder', name, `is no folder, but a file${elsewhere}`)
}

function entriesOf(path: string, label: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true })
  } catch (error) {
    throw invalid('unreadable', label, `the folder cannot be read${reason(error)}`)
  }
}

/** Why, unless it simply is not there. */
function reason(error: unknown): string {
  const { code } = error as { code?: string }
  return code === 'ENOENT' ? '' : ` (${code ?? String(error)})`
}
