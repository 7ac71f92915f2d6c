/** Folders on a real disk: what is read, what is left, and that nothing outside is. */
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, symlinkSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { join, resolve } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { PromptFolder } from '../../src/file/folder.ts'
import type { InvalidPrompts, PromptProblem } from '../../src/registry/problem.ts'
import { file, Place, strike } from '../registry/stage.ts'

const test = suite('folder')
test.after.each(strike)

/** A thread that puts links in the place of a file and a folder, and back, as fast as it can. */
const SWAPS = `
const { renameSync } = require('node:fs')
const { parentPort, workerData } = require('node:worker_threads')
const move = (from, to) => renameSync(workerData + '/' + from, workerData + '/' + to)
parentPort.postMessage('swapping')
for (;;)
  for (const name of ['a.md', 'folder']) {
    move(name, '.real-' + name)
    move('.' + name, name)
    move(name, '.' + name)
    move('.real-' + name, name)
  }
`

test('every Markdown file of the folder and the folders in it, sorted; no READMEs, no hidden files, no node_modules', () => {
  const place = new Place({
    'b.md': 'b',
    'a/c.md': 'c',
    'a/_d/e.md': 'e',
    'README.md': 'x',
    'a/Readme.md': 'x',
    '.hidden.md': 'x',
    '.git/x.md': 'x',
    'node_modules/x.md': 'x',
    'notes.txt': 'x',
  })
  assert.equal(new PromptFolder(place.path).paths(), ['a/_d/e.md', 'a/c.md', 'b.md'])
})

test('line ends of Windows become ours, and a byte order mark is nothing', () => {
  const place = new Place({ 'a.md': '\ufeff---\r\ntitle: A\r\n---\r\nHi\r\n' })
  const found = new PromptFolder(place.path).read('a.md')
  assert.is('file' in found && found.file.text, '---\ntitle: A\n---\nHi\n')
  assert.is('file' in found && found.file.label, join(place.path, 'a.md'))
})

test('what is no UTF-8, too large, or gone, is told', () => {
  const place = new Place()
  place.write('latin.md', new Uint8Array([0x41, 0xe4, 0x42]))
  place.write('large.md', 'x'.repeat(1024 * 1024 + 1))
  mkdirSync(place.at('folder.md'))
  const folder = new PromptFolder(place.path)
  const code = (path: string): string => {
    const found = folder.read(path)
    return 'problem' in found ? found.problem.code : 'gone' in found ? 'gone' : 'read'
  }
  assert.equal(['latin.md', 'large.md', 'none.md', 'folder.md', 'none/a.md'].map(code), ['not-utf8', 'too-large', 'gone', 'gone', 'gone'])
})

test('row 14: symbolic links are followed inside the folder, as Kubernetes mounts them, and never out of it', () => {
  const outside = new Place({ 'secret.md': 'secret', 'more/a.md': 'a' })
  const place = new Place({ '..data/review.md': file('description: d') })
  symlinkSync(join('..data', 'review.md'), place.at('review.md'))
  symlinkSync(outside.at('secret.md'), place.at('leak.md'))
  symlinkSync(outside.at('more'), place.at('more'))
  symlinkSync(place.at('nowhere'), place.at('dangling.md'))
  const folder = new PromptFolder(place.path)
  assert.equal(folder.paths(), ['dangling.md', 'leak.md', 'review.md'])
  assert.ok('file' in folder.read('review.md'))
  assert.equal(folder.read('leak.md'), {
    problem: { severity: 'error', code: 'outside', message: 'leads out of the folder by a symbolic link', file: place.at('leak.md') },
  })
  assert.equal(folder.read('dangling.md'), { gone: true })
  const [linked, real] = [folder.read('review.md'), folder.read('..data/review.md')]
  assert.equal('file' in linked && 'file' in real && [linked.path, linked.mark], 'file' in real && [real.path, real.mark])
  assert.is('file' in linked && linked.path, '..data/review.md')
})

test('row 14: a pipe, and a link to one or to a folder elsewhere, are no prompts, and nobody waits for them', () => {
  const outside = new Place({ 'more.md/a.md': 'a' })
  const place = new Place({ 'a.md': 'a' })
  execFileSync('mkfifo', [place.at('pipe.md')])
  symlinkSync('pipe.md', place.at('link.md'))
  symlinkSync(outside.at('more.md'), place.at('more.md'))
  const folder = new PromptFolder(place.path)
  assert.equal(
    folder.paths().map(path => [path, Object.keys(folder.read(path))[0]]),
    [
      ['a.md', 'file'],
      ['link.md', 'gone'],
      ['more.md', 'gone'],
      ['pipe.md', 'gone'],
    ],
  )
})

test('row 14: while a file and a folder are swapped for links, nothing outside is read or found', async () => {
  const outside = new Place({ 'secret.md': 'secret', 'folder/b.md': 'secret', 'folder/only.md': 'secret' })
  const place = new Place({ 'a.md': 'inside', 'folder/b.md': 'inside' })
  symlinkSync(outside.at('secret.md'), place.at('.a.md'))
  symlinkSync(outside.at('folder'), place.at('.folder'))
  const swaps = new Worker(SWAPS, { eval: true, workerData: place.path })
  await once(swaps, 'message')
  const folder = new PromptFolder(place.path)
  const seen = new Set<string>()
  const isShown = (): boolean => ['inside', 'outside', 'folder/b.md'].every(each => seen.has(each))
  for (let round = 0; round < 1_000 || !isShown(); round += 1) {
    for (const path of folder.paths()) seen.add(path)
    for (const path of ['a.md', 'folder/b.md']) {
      const found = folder.read(path)
      seen.add('file' in found ? found.file.text : 'problem' in found ? found.problem.code : 'gone')
    }
  }
  await swaps.terminate()
  for (const each of ['secret', 'folder/only.md']) assert.not(seen.has(each), each)
})

test('row 14: a sibling whose name begins like the folder is outside', () => {
  const place = new Place({ 'prompts/a.md': 'a', 'prompts-secret/b.md': 'b' })
  symlinkSync(place.at('prompts-secret/b.md'), place.at('prompts/b.md'))
  assert.ok('problem' in new PromptFolder(place.at('prompts')).read('b.md'))
})

test('folders that lead in a circle are an error and no endless loop', () => {
  const place = new Place({ 'a/b.md': 'b' })
  symlinkSync(place.at('a'), place.at('a/again'))
  assert.throws(() => new PromptFolder(place.path).paths(), /deeper than 32, or a symbolic link leads in a circle/)
})

test('a folder that does not exist, and a file in the place of one, are problems that say where they were looked for', () => {
  const place = new Place({ 'a.md': 'a' })
  const told = (name: string): readonly PromptProblem[] => {
    try {
      return [new PromptFolder(name)] as never
    } catch (error) {
      return (error as InvalidPrompts).problems
    }
  }
  assert.equal(told('/no/such/folder'), [
    { severity: 'error', code: 'no-folder', message: 'there is no such folder to read prompts from', file: '/no/such/folder' },
  ])
  const [missing] = told('no-such-folder')
  assert.is(missing?.message, `there is no such folder to read prompts from: looked for at ${resolve('no-such-folder')}`)
  assert.is(told(place.at('a.md'))[0]?.message, 'is no folder, but a file')
})

test.run()
