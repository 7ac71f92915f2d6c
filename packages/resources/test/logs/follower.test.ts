import { followFile, type Following, type FollowOptions } from '@oarlock/resources/logs'
import { renameSync, writeFileSync } from 'node:fs'
import { appendFile, copyFile, open, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { temporary } from './temporary.ts'

const test = suite('follower')

/** Follows without looking by itself, so that a test says when. */
async function following(path: string, options: FollowOptions = {}): Promise<Following & { readonly lines: string[] }> {
  const lines: string[] = []
  const found = await followFile(path, come => void lines.push(...come), { poll: 3_600_000, ...options })
  return { lines, check: () => found.check(), stop: () => found.stop() }
}

test('lines that come are told once, whole, whatever pieces they come in', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, 'before\nbegun ')
  const follow = await following(path)
  const bytes = Buffer.from('and ended\nä漢🎉\r\n\nlast')
  for (const byte of bytes) {
    await appendFile(path, Buffer.of(byte))
    await follow.check()
  }
  assert.equal(follow.lines, ['begun and ended', 'ä漢🎉', ''])
  await follow.stop()
  await appendFile(path, '\nnot told\n')
  assert.is(follow.lines.length, 3)
})

test('a change is noticed without being asked', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, '')
  const told = await new Promise<readonly string[]>(resolve => {
    void followFile(path, lines => resolve(lines), { poll: 50 }).then(async follow => {
      await appendFile(path, 'one\n')
      folder.defer(() => follow.stop())
    })
  })
  assert.equal(told, ['one'])
})

test('a file that is renamed and created anew loses no line: neither the rest of the old one nor what is still written to it', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, '')
  const follow = await following(path)
  const old = await open(path, 'a')
  await old.write('1\n')
  await follow.check()
  await old.write('2\n')
  await rename(path, `${path}.1`)
  await old.write('3\n')
  await writeFile(path, '4\n')
  await follow.check()
  await old.write('5\n')
  await appendFile(path, '6\n')
  await follow.check()
  await old.close()
  assert.equal(follow.lines, ['1', '2', '3', '4', '5', '6'])
  await follow.stop()
})

test('files that came and were put aside between two looks are read in order', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, '1\n')
  const follow = await following(path, { from: 'start' })
  for (const round of [2, 3, 4]) {
    for (const older of [3, 2, 1]) await rename(`${path}.${older}`, `${path}.${older + 1}`).catch(() => {})
    await rename(path, `${path}.1`)
    await writeFile(path, `${round}\n`)
  }
  await follow.check()
  await follow.check()
  assert.equal(follow.lines, ['1', '2', '3', '4'])
  await follow.stop()
})

test('files that are put aside while it looks are read too, each once and in order', async () => {
  for (let turn = 0; turn < 40; turn += 1) {
    await using folder = await temporary()
    const path = join(folder.path, 'app.log')
    await writeFile(path, '1\n')
    const follow = await following(path, { from: 'start' })
    for (const round of [2, 3, 4, 5, 6]) {
      for (const older of [5, 4, 3, 2, 1]) await rename(`${path}.${older}`, `${path}.${older + 1}`).catch(() => {})
      await rename(path, `${path}.1`)
      await writeFile(path, `${round}\n`)
      // By itself it looks when the folder changes; here also at other times.
      if (turn % 3 === 1) void follow.check()
    }
    await follow.check()
    await follow.check()
    assert.equal(follow.lines, ['1', '2', '3', '4', '5', '6'], `turn ${turn}`)
    await follow.stop()
  }
})

test('a file that is there before the first look, and was put aside, is told from its start', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  const follow = await following(path)
  writeFileSync(path, '1\n')
  renameSync(path, `${path}.1`)
  writeFileSync(path, '2\n')
  await follow.check()
  assert.equal(follow.lines, ['1', '2'])
  await follow.stop()
})

test('what was put aside long ago is not told again, whatever is written to it', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  writeFileSync(`${path}.9`, 'old\n')
  writeFileSync(path, '1\n')
  const follow = await following(path, { from: 'start' })
  for (const round of [2, 3, 4]) {
    renameSync(path, `${path}.${5 - round}`)
    writeFileSync(path, `${round}\n`)
    // Newer by its time than what came since.
    writeFileSync(`${path}.9`, 'old\nolder\n')
    await follow.check()
  }
  assert.equal(follow.lines, ['1', '2', '3', '4'])
  await follow.stop()
})

test('a failure with one file keeps nobody from the others', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  writeFileSync(path, '1\n')
  const told: string[] = []
  const errors: unknown[] = []
  const lines = (come: readonly string[]): void => {
    told.push(...come)
    if (come.includes('2')) throw new Error('of the listener')
  }
  const onError = (error: unknown): void => {
    errors.push(error)
    throw error
  }
  const follow = await followFile(path, lines, { from: 'start', poll: 3_600_000, onError })
  for (const round of [2, 3]) {
    renameSync(path, `${path}.${4 - round}`)
    writeFileSync(path, `${round}\n`)
  }
  await follow.check()
  await follow.check()
  assert.equal(told, ['1', '2', '3'])
  assert.match(String(errors), /of the listener/)
  await follow.stop()
})

test('a file that is copied and truncated loses no line that is in the copy, and none is told twice', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, '')
  const follow = await following(path)
  await appendFile(path, '1\n2')
  await follow.check()
  await appendFile(path, ' two\n3\n')
  await copyFile(path, `${path}.1`)
  await truncate(path, 0)
  await appendFile(path, '4\n')
  await follow.check()
  await appendFile(path, '5\n')
  await follow.check()
  assert.equal(follow.lines, ['1', '2 two', '3', '4', '5'])
  await follow.stop()
})

test('a file that was emptied and has grown beyond where it was is read from its start', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, 'aaaa\n')
  const follow = await following(path, { from: 'start' })
  // At once, so that no look comes between.
  writeFileSync(path, 'bbbb\ncccc\n')
  await follow.check()
  assert.equal(follow.lines, ['aaaa', 'bbbb', 'cccc'])
  await truncate(path, 0)
  await follow.check()
  await appendFile(path, 'd\n')
  await follow.check()
  assert.equal(follow.lines.slice(3), ['d'])
  await follow.stop()
})

test('a file that is deleted and created anew is read on; one that is not there yet, from its start', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  const follow = await following(path)
  await follow.check()
  await writeFile(path, '1\n')
  await follow.check()
  await appendFile(path, '2\n')
  await rm(path)
  await follow.check()
  await writeFile(path, '3\n')
  await follow.check()
  assert.equal(follow.lines, ['1', '2', '3'])
  await follow.stop()
})

test('the last line of a file that is put aside is told when the file is let go, even without a newline', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, '1\nno end')
  const follow = await following(path, { from: 'start', grace: 0 })
  await rename(path, `${path}.1`)
  await writeFile(path, '2\n')
  await follow.check()
  await follow.check()
  assert.equal(follow.lines, ['1', '2', 'no end'])
  await follow.stop()
})

test('a line without end is cut, and costs no memory', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, '')
  const follow = await following(path)
  for (let mib = 0; mib < 4; mib++) await appendFile(path, Buffer.alloc(1024 * 1024, 'x y '))
  await appendFile(path, '\nnext\n')
  await follow.check()
  assert.ok((follow.lines[0]?.length ?? 0) <= 64 * 1024 + 2, `${follow.lines[0]?.length} characters`)
  assert.ok(follow.lines[0]?.endsWith(' …'))
  assert.is(follow.lines[1], 'next')
  await follow.stop()
})

test('a hundred rotations under a busy writer: every line once', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, '')
  const follow = await following(path, { poll: 5 })
  let count = 0
  for (let round = 0; round < 100; round++) {
    const file = await open(path, 'a')
    for (let line = 0; line < 20; line++) await file.write(`${++count}\n`)
    await file.close()
    await rename(path, `${path}.${round + 1}`)
    await writeFile(path, '')
  }
  await follow.check()
  await follow.check()
  const sorted = follow.lines.map(Number).sort((a, b) => a - b)
  assert.equal(
    sorted,
    Array.from({ length: count }, (_, index) => index + 1),
  )
  await follow.stop()
})

test('what cannot be read is reported, and tried again', async () => {
  await using folder = await temporary()
  const errors: unknown[] = []
  const path = join(folder.path, 'folder')
  const follow = await followFile(join(path, 'app.log'), () => {}, { poll: 3_600_000, onError: error => void errors.push(error) })
  await follow.check()
  assert.equal(errors, [])
  await follow.stop()
})

test.run()
