/** What is given to the program that opens a browser (THREATS 12, T17). */

import { mkdtemp, readdir, readFile, rm, writeFile, watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AuthorizationFailed } from '@oarlock/client/auth'
import { openBrowser } from '@oarlock/client/auth/node'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

interface Scene {
  folder: string
}

const test = suite<Scene>('auth browser')

test.before.each(async scene => {
  scene.folder = await mkdtemp(join(tmpdir(), 'oarlock-browser-'))
})

test.after.each(({ folder }) => rm(folder, { recursive: true }))

/** What a program that is started in place of the browser is given. */
async function given(folder: string, address: string): Promise<readonly string[]> {
  const program = join(folder, 'program.mjs')
  const note = join(folder, 'note.json')
  await writeFile(
    program,
    `import { renameSync, writeFileSync } from 'node:fs'
writeFileSync('${note}.new', JSON.stringify(process.argv.slice(2)))
renameSync('${note}.new', '${note}')`,
  )
  const changes = watch(folder)
  await openBrowser(address, [process.execPath, program])
  for await (const { filename } of changes) if (filename === 'note.json') break
  return JSON.parse(await readFile(note, 'utf8')) as string[]
}

for (const address of [
  'file:///etc/passwd',
  'javascript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  '-flag',
  '--new-window=https://x',
  'ms-settings:',
  'calc.exe',
  '',
]) {
  test(`row 12, T17: ${address || 'nothing'} is not opened`, async ({ folder }) => {
    await openBrowser(address, [process.execPath, '--eval', `require('fs').writeFileSync('${join(folder, 'opened')}', '')`]).then(
      () => assert.unreachable('it was opened'),
      (cause: unknown) => assert.ok(AuthorizationFailed.is(cause)),
    )
    assert.equal(await readdir(folder), [])
  })
}

test('row 12, T17: what a shell would run arrives as one argument, with nothing in it that means something to a shell', async ({
  folder,
}) => {
  const args = await given(folder, `https://x.example/$(touch ${folder}/a)\`touch b\`?q="&x='|calc;<>^!(1)&state=s`)
  assert.is(args.length, 1)
  assert.not.match(String(args[0]), /[\s$`"'|;<>^()!\\]/)
  assert.match(String(args[0]), /^https:\/\/x\.example\/.*state=s$/)
  assert.equal((await readdir(folder)).toSorted(), ['note.json', 'program.mjs'])
})

test('a browser that is not there is an error, not a crash', async ({ folder }) => {
  await openBrowser('https://x.example/', [join(folder, 'missing')]).then(
    () => assert.unreachable(),
    (cause: NodeJS.ErrnoException) => assert.is(cause.code, 'ENOENT'),
  )
})

test.run()
