/** Files of directories as resources. */

import { markOf, type OpenFile } from '@oarlock/folders'
import { checkOptions } from '@oarlock/protocol'
import { setImmediate } from 'node:timers/promises'
import type { ListedResource } from '@oarlock/kernel'
import type { Access } from '../access.ts'
import { interval } from '../interval.ts'
import { HEAD_BYTES, isTextual, typeByContent, typesByName } from '../mime.ts'
import { checkOffset, LONGEST_CHARACTER } from '../parts.ts'
import {
  UNCHANGED,
  type Beginning,
  type CompleteRequest,
  type ListRequest,
  type ReadRequest,
  type SourceAnswer,
  type SourceTemplate,
  type Suggestions,
} from '../provider/contract.ts'
import { ResourceProvider } from '../provider/provider.ts'
import { readAt } from '../read-at.ts'
import { whole } from '../whole.ts'
import type { Item } from './file-index.ts'
import { FILES_OPTIONS, type FilesOptions } from './options.ts'
import { Root } from './root.ts'
import { RootSource } from './root-source.ts'

const WATCHES: ReadonlySet<FilesOptions['watch']> = new Set(['followed', 'always', false])

/** A source of files: each root is a template, its files are listed, read whole or in parts, followed, and suggested by path. */
export class FileProvider extends ResourceProvider {
  readonly #watch: FilesOptions['watch']
  readonly #sources: ReadonlyMap<string, RootSource>

  /** @throws TypeError for options that cannot be */
  constructor(options: FilesOptions) {
    checkOptions(options, FILES_OPTIONS, 'files()')
    const { name = 'files', roots, watch = 'followed' } = options
    if (!WATCHES.has(watch)) throw new TypeError(`watch must be 'followed', 'always' or false, not ${JSON.stringify(watch)}`)
    const given = typeof roots === 'object' && Symbol.iterator in roots ? roots : [roots]
    const { debounce = '50ms', poll, fresh = '2s', maxFiles = 100_000 } = options
    const freshMs = interval('fresh', fresh)
    const times = { debounceMs: interval('debounce', debounce), pollMs: poll === undefined ? undefined : interval('poll', poll), freshMs }
    whole('maxFiles', maxFiles, 0)
    // Reported where the provider says, which is not there yet.
    const failed = (cause: unknown, where: string): void => this.failed(cause, where)
    const all = given.map(root => new Root(root, freshMs, failed))
    checkRoots(all)
    const access = accessOf(options.access, all)
    super({ ...options, name, ...(access === undefined ? {} : { access }) })
    this.#watch = watch
    const host = { ...times, maxFiles, failed, listChanged: () => this.listChanged() }
    this.#sources = new Map(all.map(root => [root.template.uriTemplate, new RootSource(root, host)]))
  }

  /** Whether folders are watched now. */
  get isWatching(): boolean {
    return [...this.#sources.values()].some(source => source.isWatching)
  }

  /** Resolves when all folders are watched that are to be and are there; rejects when they cannot be. */
  get watching(): Promise<void> {
    return Promise.all(Array.from(this.#sources.values(), source => source.watching)).then(() => {})
  }

  /** Looks whether the roots are there. Returns a line for each that cannot be read. */
  override async check(): Promise<readonly string[]> {
    return Array.from(this.#sources.values()).flatMap(({ root }) => root.problem ?? [])
  }

  protected override async start(): Promise<void> {
    for (const { root } of this.#sources.values()) if (root.required) root.inside.real()
    if (this.#watch !== 'always') return
    for (const source of this.#sources.values()) {
      source.hold()
      source.watching.catch((cause: unknown) => this.failed(cause, `watch of ${source.root.name}`))
    }
  }

  protected override async stop(): Promise<void> {
    for (const source of this.#sources.values()) await source.close()
  }

  protected override watchList(): Promise<() => void> | (() => void) {
    if (this.#watch !== 'followed') return () => {}
    const releases = Array.from(this.#sources.values(), source => source.hold())
    const release = (): void => releases.forEach(each => each())
    return this.watching.then(
      () => release,
      (cause: unknown) => {
        release()
        throw cause
      },
    )
  }

  protected override templates(): readonly SourceTemplate[] {
    return Array.from(this.#sources.values(), ({ root }) => root.template)
  }

  protected override async list({ after, limit, allows }: ListRequest): Promise<readonly ListedResource[]> {
    const found: (readonly ListedResource[])[] = []
    for (const source of this.#sources.values()) {
      const items = await firstAllowed(await source.behind(after), limit, allows)
      // Only now the file system is asked for sizes and times.
      found.push(await source.listed(items))
    }
    return found.flat()
  }

  protected override async read(request: ReadRequest): Promise<SourceAnswer> {
    const { root } = this.#sourceOf(request.template)
    const segments = root.segmentsOf(request.uri)
    if (segments === undefined) return undefined
    const file = await root.inside.open(segments)
    if (file === undefined) return undefined
    try {
      if (await root.leavesOut(segments.join('/'))) return undefined
      return (await this.#isElsewhere(file, request, root)) ? undefined : await contentOf(file, request)
    } finally {
      await file.handle.close()
    }
  }

  protected override watch(uri: string, updated: () => void): Promise<() => void> | (() => void) {
    if (this.#watch !== false) {
      for (const source of this.#sources.values()) {
        const segments = source.root.segmentsOf(uri)
        if (segments !== undefined) return source.follow(segments, updated)
      }
    }
    return () => {}
  }

  /** Paths that go on as was typed, up to the next slash. */
  protected override async complete({ template, value, allows }: CompleteRequest): Promise<Suggestions> {
    const source = this.#sourceOf(template)
    const prefix = source.root.uriOf(value)
    const found: (string | Beginning)[] = []
    for (let after: string | undefined; found.length < MOST_SUGGESTED;) {
      const [item] = await firstAllowed(await source.behind(after, prefix), 1, allows)
      if (item === undefined) break
      const step = stepOf(item.path, value)
      found.push(step.folder ? { beginning: step.value, of: item.uri } : step.value)
      after = step.folder ? `${source.root.uriOf(step.value)}\uffff` : item.uri
    }
    return found
  }

  #sourceOf(template: string): RootSource {
    return this.#sources.get(template) as RootSource
  }

  /** Whether a link led to a file that may not be read under its own name. */
  async #isElsewhere({ path }: OpenFile, { uri, ctx }: ReadRequest, root: Root): Promise<boolean> {
    const real = root.uriOf(path)
    return real !== uri && ((await root.leavesOut(path)) || !this.allows(real, ctx))
  }
}

/** So many files are judged before others have their turn: the rules may be dear, and the files many. */
const AT_ONCE = 1_000

/** The first files that the caller may know of. */
async function firstAllowed(items: Iterable<Item>, limit: number, allows: (uri: string) => boolean): Promise<readonly Item[]> {
  const found: Item[] = []
  let judged = 0
  for (const item of items) {
    if (allows(item.uri) && found.push(item) === limit) break
    if (++judged % AT_ONCE === 0) await setImmediate()
  }
  return found
}

/** Suggestions that are looked for. One more than are sent, so that it is known that there are more. */
const MOST_SUGGESTED = 101

interface Step {
  readonly value: string
  readonly folder: boolean
}

/** A path up to the first slash behind what was typed. */
function stepOf(path: string, typed: string): Step {
  const slash = path.indexOf('/', typed.length)
  return slash === -1 ? { value: path, folder: false } : { value: path.slice(0, slash + 1), folder: true }
}

/** What was asked for of an open file, and no more of it in memory. */
async function contentOf(file: OpenFile, { range, maxBytes, known }: ReadRequest): Promise<SourceAnswer> {
  const { stats, handle, path } = file
  const validator = markOf(stats)
  if (validator === known) return UNCHANGED
  const size = Number(stats.size)
  const offset = range?.offset ?? 0
  checkOffset(offset, size)
  const wanted = Math.min(Math.max(range?.length ?? maxBytes, LONGEST_CHARACTER), size - offset)
  const bytes = await readAt(handle, offset, wanted)
  const named = (await typesByName())(path)
  // The type of a part is that of the whole.
  const head = offset === 0 || named !== undefined ? bytes : await readAt(handle, 0, Math.min(HEAD_BYTES, size))
  const mimeType = named ?? typeByContent(head)
  const length = isTextual(mimeType) ? bytes.byteLength : Math.min(bytes.byteLength, range?.length ?? maxBytes)
  // It may have been cut off since its size was asked for.
  const whole = bytes.byteLength < wanted ? offset + bytes.byteLength : size
  return {
    bytes: bytes.subarray(0, length),
    mimeType,
    validator,
    lastModified: new Date(Number(stats.mtimeMs)),
    part: { offset, size: whole },
  }
}

function accessOf(common: Access | undefined, roots: readonly Root[]): Access | undefined {
  if (roots.every(({ access }) => access === undefined)) return common
  return (uri, who) => {
    if (common?.(uri, who) === false) return false
    const root = roots.find(each => uri.startsWith(each.uri))
    return root?.access === undefined || root.access(uri, who)
  }
}

function checkRoots(roots: readonly Root[]): void {
  if (roots.length === 0) throw new TypeError('a source of files needs a root: files({ roots: "./notes" })')
  for (const [index, { name, uri }] of roots.entries()) {
    const rest = roots.slice(index + 1)
    if (rest.some(each => each.name === name)) throw new TypeError(`two roots are named ${name}: give one of them another name`)
    const twin = rest.find(each => each.uri.startsWith(uri) || uri.startsWith(each.uri))
    if (twin !== undefined) throw new TypeError(`the URIs of the roots ${name} and ${twin.name} are not apart: ${uri} and ${twin.uri}`)
  }
}
