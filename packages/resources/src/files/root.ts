/** One root of a source of files: its options, checked, and what belongs to it. */

import { Inside, plainSegments } from '@oarlock/folders'
import { checkOptions } from '@oarlock/protocol'
import { existsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import type { Access } from '../access.ts'
import { Address } from '../provider/address.ts'
import type { SourceTemplate } from '../provider/contract.ts'
import { checkAnnotations } from '../provider/options.ts'
import { Ignored } from './ignored.ts'
import { ROOT_OPTIONS, type FileRoot } from './options.ts'

const NAME = /^[A-Za-z0-9_.-]{1,128}$/
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"\\^`{|}?#%]*\/$/

/** What options may say that are one of several words: a misspelt one must not be taken for another. */
const WORDS = { symlinks: ['refuse', 'inside'], hardLinks: ['allow', 'refuse'], missing: ['refuse', 'later'] } as const

function checkWords(options: FileRoot): void {
  for (const [option, words] of Object.entries(WORDS)) {
    const given = options[option as keyof typeof WORDS]
    if (given !== undefined && !(words as readonly string[]).includes(given))
      throw new TypeError(`${option} of a root of files() must be '${words.join("' or '")}', not ${JSON.stringify(given)}`)
  }
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value

/** A root, ready to serve. */
export class Root {
  readonly name: string
  /** What its URIs begin with. */
  readonly uri: string
  readonly template: SourceTemplate
  readonly access: Access | undefined
  readonly inside: Inside
  readonly ignored: Ignored
  /** Whether the directory must be there. */
  readonly required: boolean
  readonly #address: Address

  /** @throws TypeError for options that cannot be, Error when the directory is not there */
  constructor(given: string | FileRoot, freshMs: number, report: (cause: unknown, where: string) => void) {
    const options: FileRoot = typeof given === 'string' ? { path: given } : given
    if (typeof options?.path !== 'string' || options.path === '') throw new TypeError('a root needs the path of a directory')
    checkOptions(options, ROOT_OPTIONS, 'a root of files()')
    checkAnnotations(options.annotations, 'a root of files()')
    checkWords(options)
    const path = resolve(options.path)
    this.name = options.name ?? basename(path)
    if (!NAME.test(this.name)) throw new TypeError(`the root ${path} needs a name of letters, digits, _ . -: '${this.name}' is none`)
    this.uri = options.uri ?? `file:///${this.name}/`
    if (!URI.test(this.uri))
      throw new TypeError(`the uri of the root ${this.name} must be absolute and end in a slash, such as file:///${this.name}/`)
    this.access = options.access
    this.template = templateOf(this.name, this.uri, options)
    this.#address = new Address(this.template.uriTemplate, false)
    this.required = options.missing !== 'later'
    this.inside = new Inside(path, { links: options.symlinks === 'inside' ? 'files' : 'none', hardLinks: options.hardLinks !== 'refuse' })
    const { problem } = this
    if (problem !== undefined)
      throw new Error(`files(): ${problem}${existsSync(path) ? '' : ", or say missing: 'later' when it comes later"}`)
    const { hidden = false, gitignore = false } = options
    const left = { ignore: list(options.ignore ?? 'node_modules/'), only: list(options.only), hidden, gitignore, freshMs }
    this.ignored = new Ignored(this.inside, left, report)
  }

  /** Why there are no files to read; undefined when there may be some. */
  get problem(): string | undefined {
    return this.required || existsSync(this.inside.path) ? this.inside.problem : undefined
  }

  /** The URI of a file. */
  uriOf(path: string): string {
    return this.#address.uri({ path })
  }

  /** The segments of the path that a URI in normal form stands for. */
  segmentsOf(uri: string): readonly string[] | undefined {
    const path = this.#address.read(uri)?.variables['path']
    return typeof path === 'string' ? plainSegments(path) : undefined
  }

  /** Whether an existing file is left out. */
  async leavesOut(path: string): Promise<boolean> {
    const segments = plainSegments(path)
    if (segments === undefined) return true
    return (await this.ignored.judge(segments.slice(0, -1))).ignores(segments, false)
  }
}

function templateOf(name: string, uri: string, { title, description, icons, annotations }: FileRoot): SourceTemplate {
  return {
    name,
    uriTemplate: `${uri}{+path}`,
    description: description ?? `Files of ${name}, by path`,
    ...(title === undefined ? {} : { title }),
    ...(icons === undefined ? {} : { icons }),
    ...(annotations === undefined ? {} : { annotations }),
  }
}
