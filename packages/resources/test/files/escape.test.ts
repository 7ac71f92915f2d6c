// time limit: 180 s
import { files } from '@oarlock/resources/files'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, realpath, symlink } from 'node:fs/promises'
import { createServer } from 'node:net'
import { sep } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { asking, Ground, listedBy, opened, readBy, serving } from './stage.ts'

const test = suite('escape')

const NOT_FOUND = -32002
const INSIDE = 'inside'
const OUTSIDE = 'outside'

/** A process of its own that swaps a folder and a file for links that lead out, with short pauses, until its input ends. Plain JavaScript, for any Node. */
const SWAPPER = `
const { renameSync } = require('node:fs')
const { join } = require('node:path')
const at = name => join(process.argv[1], name)
function swap(name) {
  renameSync(at(name), at('.' + name + '-real'))
  renameSync(at('.' + name + '-link'), at(name))
  renameSync(at(name), at('.' + name + '-link'))
  renameSync(at('.' + name + '-real'), at(name))
}
let over = false
process.stdin.on('end', () => (over = true)).resume()
process.stdout.write('swapping')
function turn() {
  for (let count = 0; count < 100; count += 1) ['folder', 'file.txt'].forEach(swap)
  // On a machine that has other things to do as well, nobody else would get at the folder, or be done with hearing of its changes.
  if (!over) setTimeout(turn, 5)
}
turn()
`

/** A root named `data`, beside a directory whose path begins like it. */
async function ground(): Promise<Ground> {
  const made = await Ground.with({ 'data/a.txt': INSIDE, 'data/sub/b.txt': INSIDE, 'data2/secret.txt': OUTSIDE, 'secret.txt': OUTSIDE })
  await symlink(made.at('secret.txt'), made.at('data/link.txt'))
  await symlink('../secret.txt', made.at('data/relative.txt'))
  await symlink(made.at('data2'), made.at('data/folder'))
  await symlink('..', made.at('data/up'))
  await symlink('loop', made.at('data/loop'))
  await symlink(made.at('nowhere'), made.at('data/broken'))
  return made
}

for (const symlinks of ['refuse', 'inside'] as const) {
  test(`row 14: no path leads out of a root, by dots, links or a name that begins like it (links: ${symlinks})`, async () => {
    await using made = await ground()
    const { server, peer } = await opened({ roots: { path: made.at('data'), symlinks } })
    const paths = [
      '../secret.txt',
      '../data2/secret.txt',
      'sub/../../secret.txt',
      'sub/../a.txt',
      './a.txt',
      '%2e%2e/secret.txt',
      '%2E%2E%2Fsecret.txt',
      '..%2fsecret.txt',
      '%252e%252e%252fsecret.txt',
      '..%c0%afsecret.txt',
      'sub%2f..%2f..%2fsecret.txt',
      '..;/secret.txt',
      'sub//b.txt',
      '/a.txt',
      `/${made.at('secret.txt')}`,
      made.at('secret.txt'),
      'a.txt/',
      'a.txt/../a.txt',
      'a.txt%00',
      'a.txt%00.md',
      '%00',
      'link.txt',
      'relative.txt',
      'folder/secret.txt',
      'up/secret.txt',
      'up/data/a.txt/../../secret.txt',
      'loop',
      'loop/x',
      'broken',
      'broken/x.txt',
      'folder/nothing.txt',
      'nothing/../../secret.txt',
      'nothing',
      'sub',
      '',
      'a'.repeat(300),
      'a/'.repeat(2_000) + 'a',
    ]
    for (const path of paths) {
      const uri = `file:///data/${path}`
      assert.is(await readBy(peer, uri), NOT_FOUND, uri)
      assert.is(await readBy(peer, `${uri}?offset=0&length=100`), NOT_FOUND, uri)
    }
    for (const uri of [
      'file:///data2/secret.txt',
      'file:///data',
      'file:///',
      'file:///DATA/a.txt',
      'FILE:///data/a.txt',
      'file://localhost/data/a.txt',
    ])
      assert.is(await readBy(peer, uri), NOT_FOUND, uri)
    assert.equal(await listedBy(peer), ['file:///data/a.txt', 'file:///data/sub/b.txt'])
    assert.is(await readBy(peer, 'file:///data/sub/b.txt'), INSIDE)
    await server.close()
  })
}

test('T20: forms that mean something else on Windows are refused on every system, even where files have such names', async () => {
  const names = [
    'back\\slash',
    'C:',
    'c:x',
    'a.txt:stream',
    'a.txt::$DATA',
    'CON',
    'nul.txt',
    'Com1.log',
    'LPT9',
    'com¹',
    'aux .txt',
    'PRN',
    'CONIN$',
    'dot.',
    'space ',
    'dots...',
    '. .',
    'tab\t',
    'bell\u0007',
  ]
  await using made = await Ground.with(Object.fromEntries([...names.map(name => [`data/${name}`, OUTSIDE]), ['data/ok.txt', INSIDE]]))
  const { server, peer } = await opened({ roots: { path: made.at('data') } })
  const forms = [
    ...names,
    'C:\\Windows\\win.ini',
    'C:/Windows/win.ini',
    '\\\\server\\share',
    '//server/share',
    '\\\\?\\C:\\x',
    '\\\\.\\COM1',
    'CON/x',
    'sub/NUL',
    '..\\secret',
    'GLOBALROOT\\x',
  ]
  for (const name of forms) {
    const uri = `file:///data/${name.split('/').map(encodeURIComponent).join('/')}`
    assert.is(await readBy(peer, uri), NOT_FOUND, uri)
  }
  assert.equal(await listedBy(peer), ['file:///data/ok.txt'])
  await server.close()
})

test('T20: names that only look strange are served', async () => {
  const names = ['console.txt', 'nullable', 'com10', 'a..b', '...x', 'x~1', 'aux1', 'comet.log', 'con-x']
  await using made = await Ground.with(Object.fromEntries(names.map(name => [`data/${name}`, INSIDE])))
  const { server, peer } = await opened({ roots: { path: made.at('data'), hidden: true } })
  assert.is((await listedBy(peer)).length, names.length)
  for (const name of names) assert.is(await readBy(peer, `file:///data/${name}`), INSIDE, name)
  await server.close()
})

test('row 14: a root that is reached by a link is served, and stays where it was', async () => {
  await using made = await ground()
  await symlink(made.at('data'), made.at('current'))
  const { server, peer } = await opened({ roots: { path: made.at('current') } })
  assert.is(await readBy(peer, 'file:///current/a.txt'), INSIDE)
  assert.is(await readBy(peer, 'file:///current/link.txt'), NOT_FOUND)
  await server.close()
})

test('row 14: what is hidden and what is outside is refused with the same words as what is not there', async () => {
  await using made = await ground()
  const { server, peer } = await opened({ roots: { path: made.at('data') } })
  const said = await Promise.all(
    ['link.txt', 'folder/secret.txt', 'none.txt', '../secret.txt'].map(async path => {
      const { error } = await peer.request('resources/read', { uri: `file:///data/${path}` })
      return JSON.stringify(error).replaceAll(path, 'X')
    }),
  )
  assert.is(new Set(said).size, 1)
  assert.not(said[0]?.includes(made.path))
  await server.close()
})

test('row 14: pipes, sockets and devices are neither listed nor opened, and nobody waits for them', async () => {
  await using made = await Ground.with({ 'data/a.txt': INSIDE })
  execFileSync('mkfifo', [made.at('data/pipe')])
  await symlink('/dev/zero', made.at('data/zero'))
  await symlink('/dev/tty', made.at('data/tty'))
  const socket = createServer().listen(made.at('data/socket'))
  await once(socket, 'listening')
  for (const symlinks of ['refuse', 'inside'] as const) {
    const { server, peer } = await opened({ roots: { path: made.at('data'), symlinks, gitignore: true } })
    for (const name of ['pipe', 'zero', 'tty', 'socket']) assert.is(await readBy(peer, `file:///data/${name}`), NOT_FOUND, name)
    assert.equal(await listedBy(peer), ['file:///data/a.txt'])
    await server.close()
  }
  socket.close()
  await once(socket, 'close')
})

test('row 14: a .gitignore that is a pipe or leads out is not read', async () => {
  await using made = await Ground.with({ 'data/a.txt': INSIDE, 'data/sub/b.txt': INSIDE, patterns: '*.txt' })
  execFileSync('mkfifo', [made.at('data/.gitignore')])
  await symlink(made.at('patterns'), made.at('data/sub/.gitignore'))
  const { server, peer } = await opened({ roots: { path: made.at('data'), gitignore: true } })
  assert.equal(await listedBy(peer), ['file:///data/a.txt', 'file:///data/sub/b.txt'])
  await server.close()
})

for (const symlinks of ['refuse', 'inside'] as const) {
  test(`row 14: while somebody swaps files and folders for links, nothing outside is ever read or listed (links: ${symlinks})`, async () => {
    await using made = await Ground.with({
      'data/folder/x.txt': INSIDE,
      'data/file.txt': INSIDE,
      'out/x.txt': OUTSIDE,
      'out/only-outside.txt': OUTSIDE,
      'secret.txt': OUTSIDE,
    })
    await symlink(made.at('out'), made.at('data/.folder-link'))
    await symlink(made.at('secret.txt'), made.at('data/.file.txt-link'))
    const server = serving(files({ roots: { path: made.at('data'), symlinks, hidden: true }, fresh: 0 }))
    const peer = await asking(server)
    const swapper = spawn(process.execPath, ['-e', SWAPPER, made.at('data')], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(swapper.stdout, 'data')
    const swapped = once(swapper, 'exit')
    await using _ended = {
      async [Symbol.asyncDispose]() {
        swapper.stdin.end()
        await swapped
      },
    }
    const seen = new Set<unknown>()
    let fooled = 0
    const enough = performance.now() + 20_000
    for (let round = 0; round < 400 && (performance.now() < enough || fooled === 0); round += 1) {
      const uris = ['folder/x.txt', 'file.txt', 'folder/only-outside.txt'].map(path => `file:///data/${path}`)
      const [found, listed] = await Promise.all([
        Promise.all([...uris, ...uris].map(uri => readBy(peer, uri))),
        listedBy(peer),
        ...['folder/x.txt', 'file.txt'].map(async path => (fooled += (await naive(made, path)) === OUTSIDE ? 1 : 0)),
      ])
      for (const value of found) seen.add(value)
      assert.not(listed.some(uri => uri.includes('only-outside')))
    }
    await server.close()
    assert.equal([...seen].map(String).sort(), [String(NOT_FOUND), INSIDE])
    // The race is there: who checks the path and then reads by it falls for it.
    assert.ok(fooled > 0, 'the swapper never fooled the naive reader')
  })
}

async function naive(made: Ground, path: string): Promise<string | undefined> {
  const real = await realpath(made.at(`data/${path}`)).catch(() => undefined)
  if (real?.startsWith(made.at('data') + sep) !== true) return undefined
  return readFile(made.at(`data/${path}`), 'utf8').catch(() => undefined)
}

test.run()
