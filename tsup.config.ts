/** The one bundler configuration: each package runs it in its own folder, and its entry points are read from its package.json. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { defineConfig, type Options } from 'tsup'

type Plugin = NonNullable<Options['esbuildPlugins']>[number]
type Manifest = { name: string; exports: Record<string, { '@oarlock/source': string } | string>; bin?: Record<string, string> }

const { name, exports, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest

/**
 * What every server loads: there an entry is one file, because each further one costs a millisecond of a start of 20. With them, what their entries load later, and what they may hold
 * twice: modules without state, of which nobody asks whose they are.
 */
const WHOLE: Readonly<Record<string, { readonly later: readonly string[]; readonly twice: readonly string[] }>> = {
  '@oarlock/kernel': { later: ['./src/schema/validator.ts'], twice: ['src/schema/keyword.ts', 'src/schema/pattern/search.ts'] },
  '@oarlock/stdio': { later: [], twice: ['src/line-reader.ts', 'src/line-writer.ts', 'src/timer.ts'] },
  '@oarlock/http': { later: [], twice: ['src/media-type.ts'] },
}
const whole = WHOLE[name]
const CONFIG = resolve('../../tsup.config.ts')

const sources = [
  ...(whole?.later ?? []),
  ...Object.values(exports).flatMap(target => (typeof target === 'string' ? [] : [target['@oarlock/source']])),
  ...Object.values(bin).map(file => file.replace(/^\.\/dist\//, './src/').replace(/\.js$/, '.ts')),
]

const entry = Object.fromEntries(sources.map(source => [source.replace(/^\.\/src\//, '').replace(/\.ts$/, ''), source]))

// `clean` would also delete the declarations that tsc has just written; chunk names carry a hash and would pile up.
for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  if (/\.js(\.map)?$/.test(file)) rmSync(join('dist', file))
}

/** Keeps what is imported later out of the file that imports it, as esbuild does only where it splits. */
const later: Plugin = {
  name: 'later',
  setup(build) {
    build.onResolve({ filter: /^\.\.?\// }, ({ kind, path, resolveDir }) => {
      if (kind !== 'dynamic-import') return undefined
      const file = relative('src', join(resolveDir, path))
      if (!sources.includes(`./src/${file}`)) return { errors: [{ text: `Who imports ${file} of ${name} later says so in ${CONFIG}` }] }
      return { path: `./${file.replace(/\.ts$/, '.js')}`, external: true }
    })
    build.initialOptions.metafile = true
    build.onEnd(({ metafile }) => {
      const held = Object.values(metafile?.outputs ?? {}).flatMap(({ inputs }) => Object.keys(inputs))
      const twice = held.filter((file, at) => held.indexOf(file) !== at && !whole?.twice.includes(file))
      return {
        errors: twice.map(file => ({
          text: `${file} of ${name} would be there twice: may it? Then say so in ${CONFIG}`,
        })),
      }
    })
  },
}

export default defineConfig({
  entry,
  format: 'esm',
  target: 'node20',
  platform: 'node',
  sourcemap: true,
  splitting: whole === undefined,
  esbuildPlugins: whole === undefined ? [] : [later],
  // As separate files TypeBox costs a program a tenth of a second at start; the other two, modules of the older kind, cost it 2 to 3 ms each
  // (docs/decisions/0009). Their types still come from the packages.
  noExternal: [/^typebox/, 'eventemitter3', 'reflect-metadata'],
  dts: false,
  clean: false,
  removeNodeProtocol: false,
  silent: true,
})
