/** Images and files that templates show. */
import { renameSync, symlinkSync, utimesSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Assets } from '../../src/file/assets.ts'
import { PromptFolder } from '../../src/file/folder.ts'
import { prompts } from '../../src/registry/prompts.ts'
import { file, meet, Place, serve, strike } from '../registry/stage.ts'

const test = suite('assets')
test.after.each(strike)

const PNG = Uint8Array.from([0x89, 0x50, 0x4e, 0x47])

test('a template shows an image that lies beside it, in the oldest and the newest revision', async () => {
  const place = new Place({ 'logo.md': file('description: d', 'Look at this: {{image "img/logo.png"}}') })
  place.write('img/logo.png', PNG)
  const server = await serve(prompts({ folder: place.path }))
  for (const revision of ['2024-11-05', '2026-07-28'] as const) {
    const messages = await (await meet(server, { revision })).prompt('logo')
    const content = messages.find(message => message.content.type === 'image')?.content ?? { type: 'none' }
    assert.equal(
      [content.type, 'data' in content && content.data, 'mimeType' in content && content.mimeType],
      ['image', 'iVBORw==', 'image/png'],
    )
  }
})

test('a file is read once, and again when it changed', () => {
  const place = new Place({ 'a.txt': 'one' })
  const assets = new Assets(() => [new PromptFolder(place.path)])
  const first = assets.get('a.txt')
  assert.is(assets.get('a.txt'), first)
  place.write('a.txt', 'two')
  utimesSync(place.at('a.txt'), 1, 1)
  assert.is(String(Buffer.from(assets.get('a.txt')?.data as Uint8Array)), 'two')
})

test('row 14: an asset never lies outside of the folder, nor is it hidden, nor a folder', () => {
  const outside = new Place({ 'secret.txt': 'secret' })
  const place = new Place({ '.env': 'KEY=1', 'a/b.txt': 'b' })
  symlinkSync(outside.at('secret.txt'), place.at('link.txt'))
  const assets = new Assets(() => [new PromptFolder(place.path)])
  for (const name of [
    'link.txt',
    '../secret.txt',
    `../${outside.path.split('/').at(-1)}/secret.txt`,
    '.env',
    'a/../.env',
    'a',
    '',
    'none.png',
    'a/b.txt\0.png',
  ])
    assert.is(assets.get(name), undefined, JSON.stringify(name))
  assert.ok(assets.get('a/b.txt'))
})

test('row 14: a link shows nothing that is hidden under its own name', () => {
  const place = new Place({ '.env': 'KEY=1', '.git/config': 'key', 'a/.env': 'KEY=2', '..v1/.env': 'KEY=3', 'b.txt': 'b' })
  for (const [index, target] of ['.env', '.git/config', 'a/.env', '..v1/.env'].entries()) symlinkSync(target, place.at(`pic${index}.png`))
  symlinkSync('.git', place.at('img'))
  symlinkSync('b.txt', place.at('c.txt'))
  const assets = new Assets(() => [new PromptFolder(place.path)])
  for (const name of ['pic0.png', 'pic1.png', 'pic2.png', 'pic3.png', 'img/config', '..v1/.env'])
    assert.is(assets.get(name), undefined, name)
  assert.is(String(assets.get('c.txt')?.data), 'b')
})

test('assets that Kubernetes mounts are shown, and those that are mounted in their place', () => {
  const place = new Place({ '..v1/a.txt': 'one', '..v2/a.txt': 'two' })
  symlinkSync('..v1', place.at('..data'))
  symlinkSync('..data/a.txt', place.at('a.txt'))
  const folder = new PromptFolder(place.path)
  const assets = new Assets(() => [folder])
  assert.is(String(assets.get('a.txt')?.data), 'one')
  symlinkSync('..v2', place.at('..tmp'))
  renameSync(place.at('..tmp'), place.at('..data'))
  assert.is(String(assets.get('a.txt')?.data), 'two')
})

test.run()
