/** What a program carries that serves over stdio, bundled and minified: `node bench/size.ts`, after a build. */
import { build } from 'esbuild'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'

/** What each program exports. Parts that are loaded later are counted by themselves. */
const PROGRAMS: Readonly<Record<string, string>> = {
  Oarlock: `export { Server } from 'oarlock/kernel'; export { stdio } from 'oarlock/stdio'`,
  'SDK v1': `export { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'; export { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'`,
  'SDK v2': `export { McpServer } from '@modelcontextprotocol/server'; export { StdioServerTransport } from '@modelcontextprotocol/server/stdio'`,
  tmcp: `export { McpServer } from 'tmcp'; export { StdioTransport } from '@tmcp/transport-stdio'`,
}

const kb = (bytes: number): string => (bytes / 1000).toFixed(0)

console.log('| | minified, kB | gzip | brotli |\n|---|---|---|---|')
for (const [name, contents] of Object.entries(PROGRAMS)) {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL('.', import.meta.url)) },
    bundle: true,
    minify: true,
    splitting: true,
    write: false,
    metafile: true,
    outdir: '/',
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  })
  // What the entry needs at once, against what it asks for later.
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [`/${path.split('/').pop()}`, output]))
  const atOnce = new Set<string>()
  const visit = (path: string): void => {
    if (atOnce.has(path)) return
    atOnce.add(path)
    for (const { path: next, kind } of outputs.get(path)?.imports ?? []) if (kind === 'import-statement') visit(`/${next.split('/').pop()}`)
  }
  visit('/stdin.js')
  const parts = {
    '': outputFiles.filter(({ path }) => atOnce.has(path)),
    ', loaded later': outputFiles.filter(({ path }) => !atOnce.has(path)),
  }
  for (const [part, files] of Object.entries(parts)) {
    if (files.length === 0) continue
    const sum = (size: (bytes: Uint8Array) => number): string => kb(files.reduce((all, { contents }) => all + size(contents), 0))
    console.log(
      `| ${name}${part} | ${sum(bytes => bytes.length)} | ${sum(bytes => gzipSync(bytes, { level: 9 }).length)} | ${sum(bytes => brotliCompressSync(bytes).length)} |`,
    )
  }
}
