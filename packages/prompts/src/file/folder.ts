/** A folder of prompts on disk: what is in it, read without ever leaving it. */

import { codeOf, Inside, Refusal, settledMarkOf, type OpenDescriptor } from '@oarlock/folders'
import { closeSync, readFileSync, statSync, type Dirent } from 'node:fs'
import { join, resolve } from 'node:path'
import { InvalidPrompts, type PromptProblem, type PromptProblemCode } from '../registry/problem.ts'
import type { PromptFile } from './prompt-file.ts'

/** Bytes a prompt file may have. */
const MOST_BYTES = 1024 * 1024
/** Files a folder may hold, and folders within folders. */
const MOST_FILES = 50_000
const MOST_DEPTH = 32

/** What errors say that there is no such file or folder, or something else in its place. */
const GONE: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'KIND', 'NO_DIRECTORY'])

/** What was found at a path: a file, nothing, or something that cannot be read. */
export type Found = FoundFile | { readonly gone: true } | { readonly problem: PromptProblem }

/** A file that was read. */
export interface FoundFile {
  readonly file: PromptFile
  /** Where it really is, when a link led to it. */
  readonly path: string
  /** The `mark` of its path for as long as it stays as it is; undefined where that would not tell. */
  readonly mark: string | undefined
}

/** A folder. Symbolic links are followed as long as they lead to places inside it. */
export class PromptFolder {
  /** As it was given, which is how problems name it. */
  readonly name: string
  /** Where it really was at first, which tells it from others. */
  readonly root: string
  readonly inside: Inside

  /** @throws InvalidPrompts when there is no such folder */
  constructor(name: string) {
    this.name = name
    this.inside = new Inside(resolve(name), { links: 'all', hardLinks: true })
    this.root = rootOf(name, this.inside)
  }

  /** Paths of all Markdown files, sorted, with `/` between their parts. @throws InvalidPrompts for what cannot be walked through */
  paths(): readonly string[] {
    const found: string[] = []
    this.#walk([], found)
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
      return this.open(path, ({ fd, stats, path: real }) => {
        if (stats.size > MOST_BYTES) return problem('too-large', `has ${stats.size} bytes; ${MOST_BYTES} are allowed`)
        const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(fd))
        return { file: { path, label, text: text.replaceAll('\r\n', '\n') }, path: real, mark: settledMarkOf(stats) }
      })
    } catch (error) {
      const code = codeOf(error)
      if (code === 'OUTSIDE') return problem('outside', 'leads out of the folder by a symbolic link')
      if (GONE.has(code)) return { gone: true }
      return error instanceof TypeError
        ? problem('not-utf8', 'is not UTF-8')
        : problem('unreadable', `cannot be read: ${code ?? String(error)}`)
    }
  }

  /** Lets `use` look at a file in the folder, which is open as long. Throws what `Inside.openSync` throws. */
  open<T>(path: string, use: (file: OpenDescriptor) => T): T {
    const file = this.inside.openSync(path.split('/'))
    try {
      return use(file)
    } finally {
      closeSync(file.fd)
    }
  }

  /** What tells states of a file apart, to compare with what was found; undefined when there is none. */
  mark(path: string): string | undefined {
    return this.inside.markNow(path.split('/'))
  }

  #walk(segments: readonly string[], found: string[]): void {
    const label = join(this.name, ...segments)
    if (segments.length > MOST_DEPTH)
      throw invalid('unreadable', label, `folders nest deeper than ${MOST_DEPTH}, or a symbolic link leads in a circle`)
    for (const entry of this.#entriesOf(segments, label)) {
      const own = [...segments, entry.name]
      if (isPassedOver(entry.name)) continue
      if (entry.isDirectory() || (entry.isSymbolicLink() && this.#isFolder(own))) this.#walk(own, found)
      else if (PromptFolder.takes(own.join('/'))) found.push(own.join('/'))
      if (found.length > MOST_FILES) throw invalid('unreadable', this.name, `holds more than ${MOST_FILES} prompts`)
    }
  }

  #entriesOf(segments: readonly string[], label: string): readonly Dirent[] {
    try {
      return this.inside.entriesSync(segments)
    } catch (error) {
      // What went, or came to lead elsewhere, since it was seen holds nothing.
      if (error instanceof Refusal || GONE.has(codeOf(error))) return []
      throw invalid('unreadable', label, `the folder cannot be read${reason(error)}`)
    }
  }

  #isFolder(segments: readonly string[]): boolean {
    try {
      this.inside.entriesSync(segments)
      return true
    } catch {
      return false
    }
  }
}

/** Whether a folder or a file of this name is none of ours, nor anything in it. */
export function isPassedOver(name: string): boolean {
  return name.startsWith('.') || name === 'node_modules'
}

function invalid(code: PromptProblemCode, file: string, message: string): InvalidPrompts {
  return new InvalidPrompts([{ severity: 'error', code, message, file }])
}

function rootOf(name: string, inside: Inside): string {
  const place = resolve(name)
  const elsewhere = place === name ? '' : `: looked for at ${place}`
  try {
    if (statSync(name).isDirectory()) return inside.real().path
  } catch (error) {
    throw invalid('no-folder', name, `there is no such folder to read prompts from${elsewhere}${reason((error as Error).cause ?? error)}`)
  }
  throw invalid('no-folder', name, `is no folder, but a file${elsewhere}`)
}

/** Why, unless it simply is not there. */
function reason(error: unknown): string {
  const code = codeOf(error)
  return code === 'ENOENT' ? '' : ` (${code ?? String(error)})`
}
