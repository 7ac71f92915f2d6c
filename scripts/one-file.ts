/** For packages that every server loads: each entry becomes one file, because each further one costs a millisecond of a start of 20 (docs/decisions/0009). */

import { dirname, join, relative } from 'node:path'
import type { Options } from 'tsup'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]

/** A package whose entries share no files. */
export interface OneFile {
  /** What its entries load later, and only then: entries of their own. */
  readonly later: readonly string[]
  /** What they may hold twice: modules without state, of which nobody asks whose they are. */
  readonly twice: readonly string[]
}

/** By the package's name. */
export const ONE_FILE: Readonly<Record<string, OneFile>> = {
  '@oarlock/kernel': { later: ['src/schema/validator.ts'], twice: ['src/schema/keyword.ts', 'src/schema/pattern/search.ts'] },
  '@oarlock/stdio': { later: [], twice: ['src/line-reader.ts', 'src/line-writer.ts', 'src/timer.ts'] },
  '@oarlock/http': { later: [], twice: ['src/media-type.ts'] },
}

const slashed = (path: string): string => path.replaceAll('\\', '/')
const HERE = 'scripts/one-file.ts'

/** Keeps what is imported later out of the file that imports it, which esbuild does by itself only where it splits. A build that would hold more than it may twice, or import what is not there, fails. */
export function oneFile({ later, twice }: OneFile): Plugin {
  return {
    name: 'one-file',
    setup(build) {
      build.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
        if (kind !== 'dynamic-import') return undefined
        const file = slashed(relative('.', join(resolveDir, path)))
        if (!later.includes(file)) return { errors: [{ text: `${file} is imported later: say so in ${HERE}` }] }
        // All entries that import anything later stand at the top of dist; the look at the end makes sure.
        return { path: `./${file.replace(/^src\//, '').replace(/\.ts$/, '.js')}`, external: true }
      })
      build.initialOptions.metafile = true
      build.onEnd(({ metafile }) => {
        const outputs = metafile?.outputs ?? {}
        const held = Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs))
        const doubled = held.filter((file, at) => held.indexOf(file) !== at && !twice.includes(file))
        const missing = Object.entries(outputs).flatMap(([output, { imports }]) =>
          imports
            .filter(
              ({ kind, path }) => kind === 'dynamic-import' && path.startsWith('.') && !(slashed(join(dirname(output), path)) in outputs),
            )
            .map(({ path }) => `${output} imports ${path}, which is not there`),
        )
        const errors = [...doubled.map(file => `${file} would be there twice: may it? Then say so in ${HERE}`), ...missing]
        return { errors: errors.map(text => ({ text })) }
      })
    },
  }
}
