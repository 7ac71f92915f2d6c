/** Tells the story of the notebook to every client: reads, follows, completes and fills in, while files change on disk. */

import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { VARIANT_KEY } from '@oarlock/prompts'
import type { PromptMessage } from 'oarlock'
import { tell } from '../check/tell.ts'

const folder = mkdtempSync(join(tmpdir(), 'oarlock-notebook-'))
process.once('exit', () => rmSync(folder, { recursive: true }))
for (const part of ['notes', 'prompts']) cpSync(fileURLToPath(new URL(part, import.meta.url)), join(folder, part), { recursive: true })

const OWNER = { authorization: 'Bearer owner-s' }
const GUEST = { authorization: 'Bearer guest-s' }
const env = { NOTEBOOK: folder, OWNER_TOKEN: 'owner-s', GUEST_TOKEN: 'guest-s' }

await tell(new URL('server.ts', import.meta.url), env, async ({ transport, revision, open }) => {
  await using owner = await open(OWNER)

  // What there is, in pages of five.
  const pages = await owner.pages()
  assert.deepEqual(
    pages.map(({ length }) => length),
    [5, 3],
  )
  assert.ok(pages.flat().includes('file:///notes/private/diary.md'))
  assert.deepEqual(await owner.templates(), ['file:///notes/{+path}{?offset,length}'])
  assert.deepEqual(await owner.suggested('file:///notes/{+path}{?offset,length}', 'path', 'ki'), ['kitchen/'])

  // Notes are read; a large one would come in parts.
  assert.match(await owner.text('file:///notes/kitchen/bread.md'), /^# Bread\n/)
  assert.equal(await owner.text('file:///notes/kitchen/bread.md?offset=2&length=5'), 'Bread')
  await assert.rejects(owner.text('file:///notes/../server.ts'))
  await assert.rejects(owner.text('file:///notes/nothing.md'))

  // An edited note is news, and so is a new one.
  const bread = join(folder, 'notes/kitchen/bread.md')
  const edited = `# Bread\n\nRather 12 g of salt, says ${transport}.\n`
  await owner.told({ resources: ['file:///notes/kitchen/bread.md'] }, ['file:///notes/kitchen/bread.md'], () =>
    writeFileSync(bread, edited),
  )
  assert.equal(await owner.text('file:///notes/kitchen/bread.md'), edited)
  const beans = join(folder, 'notes/garden/beans.md')
  await owner.told({ resourceList: true }, ['resourceList'], () => writeFileSync(beans, '# Beans\n'))
  assert.ok((await owner.uris()).includes('file:///notes/garden/beans.md'))
  await owner.told({ resourceList: true }, ['resourceList'], () => rmSync(beans))

  // Prompts: the newest version, within its layout. What 2024-11-05 has no word for, a link, is a text there.
  assert.deepEqual(await owner.prompts(), ['shopping', 'summary'])
  assert.deepEqual(await owner.suggested('summary', 'note', 'kitchen/'), ['kitchen/bread.md', 'kitchen/soup.md'])
  assert.deepEqual(await owner.suggested('summary', 'audience', ''), ['me', 'friends', 'everybody'])
  const [voice, link, task] = await owner.prompt('summary', { note: 'kitchen/bread.md', sentences: '1', audience: 'friends' })
  assert.match(textOf(voice), /^Write plainly\./)
  assert.equal(link?.content.type, revision === '2024-11-05' ? 'text' : 'resource_link')
  assert.equal(textOf(task), 'Summarise file:///notes/kitchen/bread.md in 1 sentence, for friends.')
  await assert.rejects(owner.prompt('summary', { note: 'kitchen/bread.md', sentences: 'eleven' }), /sentences/)

  // The old version, for who asks for it; a variant, which stays the same for the same caller.
  const old = { name: 'summary', arguments: { note: 'index.md' }, _meta: { 'dev.oarlock/version': '1.0.0' } }
  assert.equal(textOf((await owner.requests.getPrompt(old)).messages[0]), 'Summarise my note index.md.')
  const shopping = { name: 'shopping', arguments: { recipes: 'kitchen/bread.md,kitchen/soup.md', have: 'salt' } }
  const variants = [await owner.requests.getPrompt(shopping), await owner.requests.getPrompt(shopping)].map(variantOf)
  assert.ok(['plain', 'aisles'].includes(String(variants[0])))
  assert.equal(variants[1], variants[0])

  // A prompt that is saved is there.
  const idea = join(folder, 'prompts/idea.md')
  await owner.told({ prompts: true }, ['prompts'], () => writeFileSync(idea, '---\ndescription: Has an idea\n---\nHave an idea.\n'))
  assert.equal(textOf((await owner.prompt('idea'))[0]), 'Have an idea.')
  await owner.told({ prompts: true }, ['prompts'], () => rmSync(idea))

  // Guests do not see what is private: not in the list, not among the suggestions, and it cannot be read.
  if (transport === 'stdio') return
  await using guest = await open(GUEST)
  assert.ok(!(await guest.uris()).some(uri => uri.includes('private')))
  assert.deepEqual(await guest.suggested('summary', 'note', 'p'), [])
  await assert.rejects(guest.text('file:///notes/private/diary.md'))
  await assert.rejects(async () => {
    await using nobody = await open({ authorization: 'Bearer nobody-s' })
    await nobody.uris()
  })
})

function textOf(message: PromptMessage | undefined): string {
  return message?.content.type === 'text' ? message.content.text : ''
}

function variantOf({ _meta }: { readonly _meta?: object }): unknown {
  return (_meta as Record<string, unknown> | undefined)?.[VARIANT_KEY]
}
