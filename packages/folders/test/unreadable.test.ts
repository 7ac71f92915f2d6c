import { chmod, mkdir } from 'node:fs/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Inside, RootWatch } from '@oarlock/folders'
import { Ground, Told } from './ground.ts'

const test = suite('roots that may not be read')

// The superuser may read everything. This process, which is of this file only, goes on as nobody.
if (process.getuid?.() === 0) process.setuid?.(65_534)

test('a root that may not be read when it appears is told once, and watched as soon as it may be read', async () => {
  await using ground = await Ground.with()
  const told = new Told<string>()
  // By looking: what watches is loaded when it is needed, and nobody may not load it everywhere.
  const watch = new RootWatch(new Inside(ground.at('r'), { links: 'all', hardLinks: true }), {
    debounceMs: 5,
    pollMs: 5,
    absentMs: 50,
    ignored: () => () => false,
    changed: () => told.add('all'),
    failed: cause => told.add((cause as Error).message),
  })
  watch.hold()
  await watch.ready
  await mkdir(ground.at('r'), { mode: 0 })
  await told.until(all => all.length > 0)
  // It is looked at a second time before it may be read.
  await watch.ready.catch(() => {})
  const first = watch.ready
  while (watch.ready === first) await new Promise(resolve => setTimeout(resolve, 5))
  await watch.ready.then(
    () => assert.unreachable(),
    (cause: Error) => assert.match(cause.message, 'EACCES'),
  )
  assert.is(told.all.length, 1)
  await chmod(ground.at('r'), 0o755)
  await told.until(all => all.includes('all'))
  assert.match(told.all[0] as string, 'cannot be opened (EACCES)')
  assert.is(told.all[1], 'all')
  assert.ok(watch.isLive)
  await watch.close()
})

test.run()
