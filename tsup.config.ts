/** The one bundler configuration: each package runs it in its own folder, and its entry points are read from its package.json. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'tsup'
import { ONE_FILE, oneFile } from './scripts/one-file.ts'

type Manifest = { name: string; exports: Record<string, { '@oarlock/source': string } | string>; bin?: Record<string, string> }

const { name, exports, bin = {} } = JSON.parse(readFileSync('package.json', 'utf8')) as Manifest

const whole = ONE_FILE[name]

const sources = [
  ...(whole?.later ?? []).map(file => `./${file}`),
  ...Object.values(exports).flatMap(target => (typeof target === 'string' ? [] : [target['@oarlock/source']])),
  ...Object.values(bin).map(file => file.replace(/^\.\/dist\//, './src/').replace(/\.js$/, '.ts')),
]

const entry = Object.fromEntries(sources.map(source => [source.replace(/^\.\/src\//, '').replace(/\.ts$/, ''), source]))

// `clean` would also delete the declarations that tsc has just written; chunk names carry a hash and would pile up.
for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  if (/\.js(\.map)?$/.test(file)) rmSync(join('dist', file))
}

export default defineConfig({
  entry,
  format: 'esm',
  target: 'node20',
  platform: 'node',
  sourcemap: true,
  splitting: whole === undefined,
  esbuildPlugins: whole === undefined ? [] : [oneFile(whole)],
  // As separate files TypeBox costs a program a tenth of a second at start; the other two, modules of the older kind, cost it 2 to 3 ms each
  // (docs/decisions/0009). Their types still come from the packages.
  noExternal: [/^typebox/, 'eventemitter3', 'reflect-metadata'],
  dts: false,
  clean: false,
  removeNodeProtocol: false,
  silent: true,
})
