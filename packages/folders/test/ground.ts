/** A directory for one test, on the machine's own file system, and what tests wait for. */

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Removed when the test is over. */
export class Ground implements AsyncDisposable {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  static async with(contents: Readonly<Record<string, string>> = {}): Promise<Ground> {
    const ground = new Ground(await realpath(await mkdtemp(join(tmpdir(), 'oarlock-folders-'))))
    for (const [path, content] of Object.entries(contents)) await ground.write(path, content)
    return ground
  }

  at(path: string): string {
    return join(this.path, path)
  }

  async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true })
    await writeFile(this.at(path), content)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }
}

/** Things that were told, and how to wait until they are what is wanted. */
export class Told<T> {
  readonly all: T[] = []
  #wake: () => void = () => {}

  readonly add = (thing: T): void => {
    this.all.push(thing)
    this.#wake()
  }

  async until(test: (all: readonly T[]) => boolean): Promise<void> {
    while (!test(this.all)) await new Promise<void>(resolve => (this.#wake = resolve))
  }

  /** Forgets what was told. */
  clear(): void {
    this.all.length = 0
  }
}
