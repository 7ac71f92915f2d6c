/** The packages as a user gets them: packed, installed with npm outside the workspace, compiled against, and run on Node 20 and on Node 24. */
// time limit: 300 s
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { packAll } from '../../scripts/tarballs.ts'
import { findNode20 } from '../runner/node20/find.ts'
import { ROOT } from '../runner/place.ts'

const pack = suite('packed packages')

const DIALECTS = { standard: {}, experimental: { experimentalDecorators: true } }
const NODES = [findNode20().path, process.execPath]
const COMPILER = (JSON.parse(readFileSync(join(ROOT, 'node_modules/typescript/package.json'), 'utf8')) as { version: string }).version
const APP = realpathSync(mkdtempSync(join(tmpdir(), 'oarlock-pack-')))

/** Without what pnpm tells the npm it thinks it runs in. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|NODE_OPTIONS)/i.test(name)))

function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: APP, encoding: 'utf8', env, timeout: 60_000 })
  assert.is(status, 0, `${command} ${args.join(' ')} ended with ${status}\n${stdout}${stderr}`)
  return stdout
}

let tarballs = new Map<string, string>()

pack.before(() => {
  tarballs = packAll(join(APP, 'tarballs'))
  const dependencies = Object.fromEntries([...tarballs].map(([name, file]) => [name, `file:${file}`]))
  const devDependencies = { typescript: COMPILER, '@types/node': '20' }
  writeFileSync(join(APP, 'package.json'), JSON.stringify({ name: 'app', private: true, type: 'module', dependencies, devDependencies }))
  for (const [name, dialect] of Object.entries(DIALECTS)) {
    cpSync(join(ROOT, 'test/pack/fixtures'), join(APP, name), { recursive: true })
    const compilerOptions = { target: 'es2023', module: 'nodenext', strict: true, types: ['node'], rootDir: '.', outDir: 'out', ...dialect }
    writeFileSync(join(APP, name, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  }
  run('npm', 'install', '--no-audit', '--no-fund', '--prefer-offline')
})

pack.after(() => rmSync(APP, { recursive: true, force: true }))

pack('every package of ours comes from its tarball', () => {
  const { packages } = JSON.parse(readFileSync(join(APP, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { resolved?: string }>
  }
  for (const [path, { resolved = '' }] of Object.entries(packages)) {
    const name = /node_modules\/(@oarlock\/[^/]+|oarlock)$/.exec(path)?.[1]
    if (name !== undefined) assert.match(resolved, /^file:tarballs\//, `${path} comes from ${resolved}`)
  }
  for (const name of tarballs.keys()) assert.ok(`node_modules/${name}` in packages, `${name} is not installed`)
})

for (const dialect of Object.keys(DIALECTS)) {
  pack(`a server and a client compile with ${dialect} decorators, declarations of ours included`, () => {
    run(process.execPath, 'node_modules/typescript/bin/tsc', '-p', dialect)
  })

  for (const node of NODES) {
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim()
    pack(`the client calls the server over stdio and HTTP on Node ${version}, ${dialect} decorators`, async () => {
      const server = spawn(node, [join(dialect, 'out/server.js'), '--http'], { cwd: APP, env, stdio: ['ignore', 'pipe', 'inherit'] })
      const closed = once(server, 'close')
      try {
        const [url] = (await Promise.race([once(createInterface(server.stdout), 'line'), closed])) as [string | number]
        assert.type(url, 'string', 'the server ended before it listened')
        const answer = { sum: 42, node: version, tools: ['add'] }
        assert.equal(JSON.parse(run(node, join(dialect, 'out/client.js'), String(url))), [answer, answer])
      } finally {
        server.kill()
        await closed
      }
    })
  }
}

pack('the command line answers', () => {
  for (const node of NODES) assert.match(run(node, 'node_modules/@oarlock/cli/dist/bin.js', '--help'), 'run')
})

pack.run()
