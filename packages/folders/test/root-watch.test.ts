import { mkdir, rename, rm, symlink } from 'node:fs/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Inside, RootWatch, type Changes, type RootWatchOptions } from '@oarlock/folders'
import { Ground, Told } from './ground.ts'

const test = suite('watched roots')

/** A watch of a root, and what it tells: `all`, or the folders. */
function watchOf(path: string, options: Partial<RootWatchOptions> = {}) {
  const told = new Told<string>()
  const inside = new Inside(path, { links: 'none', hardLinks: true })
  const watch = new RootWatch(inside, {
    debounceMs: 5,
    pollMs: undefined,
    absentMs: 50,
    ignored: () => () => false,
    changed: ({ folders }: Changes) => told.add(folders === undefined ? 'all' : [...folders].sort().join()),
    failed: cause => told.add(`failed: ${(cause as Error).message}`),
    lost: () => told.add('lost'),
    ...options,
  })
  return { told, watch, inside, [Symbol.asyncDispose]: () => watch.close() }
}

/** Waits for what follows upon what was told. */
async function turned(test: () => boolean): Promise<void> {
  while (!test()) await new Promise(resolve => setImmediate(resolve))
}

test('everything is told once when all is watched, and then what changed', async () => {
  await using ground = await Ground.with({ 'sub/a.txt': '1' })
  await using root = watchOf(ground.path)
  root.watch.hold()
  assert.not(root.watch.isLive)
  await root.watch.ready
  assert.equal(root.told.all, ['all'])
  assert.ok(root.watch.isLive)
  await ground.write('sub/a.txt', '2')
  await root.told.until(all => all.includes('sub'))
})

test('a root is watched from the first hold to the last, and again', async () => {
  await using ground = await Ground.with({ 'a.txt': '1' })
  await using root = watchOf(ground.path)
  for (let round = 0; round < 3; round += 1) {
    root.told.clear()
    const [first, second] = [root.watch.hold(), root.watch.hold()]
    await root.watch.ready
    assert.equal(root.told.all, ['all'])
    first()
    first()
    assert.ok(root.watch.isLive)
    await ground.write('a.txt', String(round))
    await root.told.until(all => all.includes(''))
    second()
    assert.not(root.watch.isLive)
  }
})

test('a root that is removed and made anew is watched anew, time and again', async () => {
  await using ground = await Ground.with({ 'r/a.txt': '1' })
  await using root = watchOf(ground.at('r'))
  root.watch.hold()
  await root.watch.ready
  for (let round = 0; round < 3; round += 1) {
    root.told.clear()
    await rm(ground.at('r'), { recursive: true })
    await root.told.until(all => all.join() === 'lost,all' || all.slice(-2).join() === 'lost,all')
    assert.not(root.watch.isLive)
    root.told.clear()
    await ground.write('r/sub/a.txt', '1')
    await root.told.until(all => all.includes('all'))
    await ground.write('r/sub/b.txt', '1')
    await root.told.until(all => all.includes('sub'))
  }
})

test('another directory in the place of the root is noticed, though the place is never empty for long', async () => {
  await using ground = await Ground.with({ 'r/a.txt': '1', 'other/a.txt': '2' })
  await using root = watchOf(ground.at('r'))
  root.watch.hold()
  await root.watch.ready
  for (let round = 0; round < 3; round += 1) {
    root.told.clear()
    await rename(ground.at('r'), ground.at('third'))
    await rename(ground.at('other'), ground.at('r'))
    await rename(ground.at('third'), ground.at('other'))
    await root.told.until(all => all.includes('lost') && all.filter(each => each === 'all').length === 2)
    await root.watch.ready
    root.told.clear()
    await ground.write('r/a.txt', 'changed')
    await root.told.until(all => all.includes(''))
  }
})

test('a root that is removed while its watch begins is looked for', async () => {
  for (const moment of ['ignored', 'changed'] as const) {
    await using ground = await Ground.with({ 'r/sub/a.txt': '1' })
    let count = 0
    const removed = async (): Promise<void> => {
      if (++count === 1) await rm(ground.at('r'), { recursive: true })
    }
    const told = new Told<string>()
    await using root = watchOf(ground.at('r'), {
      lost: () => told.add('lost'),
      ignored: async () => {
        if (moment === 'ignored') await removed()
        return () => false
      },
      changed: async () => {
        if (moment === 'changed') await removed()
        told.add('all')
      },
    })
    root.watch.hold()
    await told.until(all => all.join() === 'all,lost,all')
    await ground.write('r/a.txt', '1')
    await told.until(all => all.length === 4)
  }
})

test('a root that is reached by a link is watched where the link leads by now', async () => {
  await using ground = await Ground.with({ 'v1/a.txt': '1', 'v2/a.txt': '2' })
  await symlink('v1', ground.at('r'))
  await using root = watchOf(ground.at('r'))
  root.watch.hold()
  await root.watch.ready
  await symlink('v2', ground.at('.r'))
  await rename(ground.at('.r'), ground.at('r'))
  await rm(ground.at('v1'), { recursive: true })
  await root.told.until(all => all.slice(-3).join() === 'lost,all,all')
  root.told.clear()
  await ground.write('v2/a.txt', 'changed')
  await root.told.until(all => all.includes(''))
})

for (const [how, pollMs] of [
  ['told', undefined],
  ['by looking', 5],
] as const) {
  test(`a root that is replaced is watched anew, though the look at it failed, which is told once: ${how}`, async () => {
    await using ground = await Ground.with({ 'r/a.txt': '1', 'other/a.txt': '2' })
    let fails = 0
    const looked = new Told<string>()
    await using root = watchOf(ground.at('r'), {
      pollMs,
      changed: ({ folders }) => {
        looked.add(folders === undefined ? 'all' : [...folders].join())
        if (fails-- > 0) throw new Error('EMFILE')
      },
    })
    root.watch.hold()
    await root.watch.ready
    fails = 2
    await rename(ground.at('r'), ground.at('third'))
    await rename(ground.at('other'), ground.at('r'))
    await root.told.until(all => all.includes('failed: EMFILE'))
    await looked.until(() => fails < 0)
    await turned(() => root.watch.isLive)
    await root.watch.ready
    assert.equal(root.told.all, ['lost', 'failed: EMFILE'])
    looked.clear()
    await ground.write('r/a.txt', 'changed')
    await looked.until(all => all.includes(pollMs === undefined ? '' : 'all'))
  })

  test(`a first look that failed is repeated until it succeeds, and only then all is watched: ${how}`, async () => {
    await using ground = await Ground.with({ 'a.txt': '1' })
    let fails = 1
    const looked = new Told<string>()
    await using root = watchOf(ground.path, {
      pollMs,
      changed: ({ folders }) => {
        looked.add(folders === undefined ? 'all' : [...folders].join())
        if (fails-- > 0) throw new Error('EMFILE')
      },
    })
    root.watch.hold()
    await root.watch.ready.then(
      () => assert.unreachable(),
      (cause: Error) => assert.is(cause.message, 'EMFILE'),
    )
    assert.not(root.watch.isLive)
    await looked.until(all => all.length === 2)
    await turned(() => root.watch.isLive)
    await root.watch.ready
    assert.equal([looked.all.slice(0, 2), root.told.all], [['all', 'all'], []])
  })

  test(`a root that cannot be watched at first is tried again, and why is told once: ${how}`, async () => {
    await using ground = await Ground.with()
    let tries = 0
    await using root = watchOf(ground.at('r'), {
      pollMs,
      ignored: () => {
        if (++tries < 4) throw new Error(tries < 3 ? 'EACCES' : 'EIO')
        return () => false
      },
    })
    root.watch.hold()
    await root.watch.ready
    await ground.write('r/a.txt', '1')
    await root.told.until(all => all.includes('all'))
    assert.equal(root.told.all.slice(0, 3), ['failed: EACCES', 'failed: EIO', 'all'])
    await root.watch.ready
    assert.ok(root.watch.isLive)
    root.told.clear()
    await ground.write('r/sub/a.txt', '1')
    await root.told.until(all => all.some(each => each !== 'lost'))
  })

  test(`a link to a root that is set anew is noticed though nothing is removed: ${how}`, async () => {
    await using ground = await Ground.with({ 'v1/r/a.txt': '1', 'v2/r/a.txt': '2' })
    await symlink('v1', ground.at('current'))
    await using root = watchOf(ground.at('current/r'), { pollMs })
    root.watch.hold()
    await root.watch.ready
    root.told.clear()
    await symlink('v2', ground.at('.current'))
    await rename(ground.at('.current'), ground.at('current'))
    await root.told.until(all => all.includes('lost') && all.slice(all.indexOf('lost')).filter(each => each === 'all').length >= 2)
    await root.watch.ready
    assert.ok(root.watch.isLive)
    assert.is(root.inside.real().path, ground.at('v2/r'))
    root.told.clear()
    await ground.write('v2/r/a.txt', 'changed')
    await root.told.until(all => all.includes(pollMs === undefined ? '' : 'all'))
  })
}

test('a link to a root that was set anew while nobody watched leads to the new one from the first look on', async () => {
  await using ground = await Ground.with({ 'v1/a.txt': '1', 'v2/a.txt': '2' })
  await symlink('v1', ground.at('r'))
  const seen: string[] = []
  await using root = watchOf(ground.at('r'), { changed: () => void seen.push(root.inside.real().path) })
  assert.is(root.inside.real().path, ground.at('v1'))
  await rm(ground.at('r'))
  await symlink('v2', ground.at('r'))
  root.watch.hold()
  await root.watch.ready
  assert.equal(seen, [ground.at('v2')])
})

test('a root that is not there is looked for until it is', async () => {
  await using ground = await Ground.with()
  await using root = watchOf(ground.at('r'))
  root.watch.hold()
  await root.watch.ready
  assert.equal(root.told.all, [])
  await mkdir(ground.at('r'))
  await root.told.until(all => all.includes('all'))
})

test('by looking again and again the system need not tell', async () => {
  await using ground = await Ground.with({ 'r/a.txt': '1' })
  await using root = watchOf(ground.at('r'), { pollMs: 5 })
  root.watch.hold()
  await root.watch.ready
  await root.told.until(all => all.length > 3)
  assert.equal(new Set(root.told.all), new Set(['all']))
  await rm(ground.at('r'), { recursive: true })
  await root.told.until(all => all.includes('lost'))
  root.told.clear()
  await mkdir(ground.at('r'))
  await root.told.until(all => all.length > 3)
})

test('one look at a time, the first one too: what comes meanwhile waits', async () => {
  await using ground = await Ground.with({ 'a.txt': '1' })
  await using other = watchOf(ground.path)
  other.watch.hold()
  await other.watch.ready
  let looking = 0
  const told = new Told<string>()
  await using root = watchOf(ground.path, {
    debounceMs: 1,
    changed: async () => {
      assert.is(++looking, 1)
      other.told.clear()
      await ground.write('a.txt', String(told.all.length))
      // Another watch has heard of it, which waits for longer than this one.
      await other.told.until(all => all.includes(''))
      looking--
      told.add('look')
    },
  })
  root.watch.hold()
  await told.until(all => all.length === 5)
})

test('what a first look fails with is for whoever waits; what a later one fails with is told, and the next comes all the same', async () => {
  await using ground = await Ground.with({ 'a.txt': '1' })
  const fail = (): never => {
    throw new Error('cannot')
  }
  await using first = watchOf(ground.path, { changed: fail })
  first.watch.hold()
  await first.watch.ready.then(
    () => assert.unreachable(),
    (cause: Error) => assert.is(cause.message, 'cannot'),
  )
  let count = 0
  await using later = watchOf(ground.path, { changed: () => (++count > 1 ? fail() : undefined) })
  later.watch.hold()
  await later.watch.ready
  for (let round = 1; round < 3; round += 1) {
    await ground.write('a.txt', String(round))
    await later.told.until(all => all.filter(each => each === 'failed: cannot').length >= round)
  }
})

test('what fails look after look is told once, and again when it failed otherwise or not at all in between', async () => {
  await using ground = await Ground.with({ 'a.txt': '1' })
  const fails = [undefined, 'one', 'one', 'one', 'two', 'two', undefined, 'two', 'two']
  let count = 0
  const looked = new Told<number>()
  await using root = watchOf(ground.path, {
    pollMs: 1,
    changed: () => {
      const message = fails[count++]
      looked.add(count)
      if (message !== undefined) throw new Error(message)
    },
  })
  root.watch.hold()
  await looked.until(all => all.length > fails.length)
  assert.equal(root.told.all, ['failed: one', 'failed: two', 'failed: two'])
})

test('a watch that is closed while it begins tells nothing, and can begin again', async () => {
  await using ground = await Ground.with({ 'sub/a.txt': '1' })
  for (let steps = 0; steps < 6; steps += 1) {
    await using root = watchOf(ground.path)
    root.watch.hold()
    for (let step = 0; step < steps; step += 1) await new Promise(resolve => setImmediate(resolve))
    const { ready } = root.watch
    await root.watch.close()
    // Whoever waits for it does not wait for ever.
    await ready
    root.told.clear()
    root.watch.hold()
    await root.watch.ready
    assert.equal(root.told.all, ['all'])
  }
})

test.run()
