/** Turns the servers into plain JavaScript, so that no figure holds what it costs Node to strip types. Each becomes one file; packages stay outside. */
import { build } from 'esbuild'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))

await build({
  entryPoints: readdirSync(`${here}servers`).map(file => `${here}servers/${file}`),
  outdir: `${here}dist/servers`,
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node24',
  format: 'esm',
  logLevel: 'warning',
})

/** The compiled server of a name. */
export const serverFile = (name: string): string => `${here}dist/servers/${name}.js`
