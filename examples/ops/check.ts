/** Tells the story of the logs to every client: filters, pages, search, a live tail through a rotation, and secrets that stay here. */

import assert from 'node:assert/strict'
import { appendFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tell } from '../check/tell.ts'
import { seed, seeded, shopLine } from './seed.ts'

/** A page of a log. */
interface Page {
  readonly entries: readonly Entry[]
  readonly older?: string
  readonly redacted?: object
}

interface Entry {
  readonly time: string
  readonly level: string
  readonly message: string
  readonly fields?: Record<string, unknown>
}

const folder = seeded()
const shop = join(folder, 'shop.log')

await tell(new URL('server.ts', import.meta.url), { LOGS: folder }, async ({ open }) => {
  rmSync(`${shop}.1`, { force: true })
  seed(folder)
  await using reader = await open()
  const page = (uri: string): Promise<Page> => reader.json<Page>(uri)

  // Which logs there are.
  const [template = ''] = await reader.templates()
  assert.deepEqual(await reader.uris(), ['logs://calls', 'logs://shop', 'logs://web'])
  assert.deepEqual(await reader.suggested(template, 'name', 's'), ['shop'])
  assert.deepEqual(await reader.suggested(template, 'level', 'e'), ['error', 'emergency'])

  // The newest hundred, and page by page what is older.
  const sizes: number[] = []
  for (let uri: string | undefined = 'logs://shop'; uri !== undefined;) {
    const { entries, older }: Page = await page(uri)
    sizes.push(entries.length)
    uri = older
  }
  assert.deepEqual(sizes, [100, 100, 50])

  // Filters: severity, component, time, text; all of them must fit.
  const errors = await page('logs://shop?level=error')
  assert.equal(errors.entries.length, 5)
  const between = await page('logs://shop?component=payment&since=2026-11-21T10:02:00Z&until=2026-11-21T10:03:00Z')
  assert.deepEqual(
    between.entries.map(({ time }) => time),
    ['2026-11-21T10:02:29.000Z'],
  )
  assert.deepEqual(
    (await page('logs://shop?text=ORDER%2017%20')).entries.map(({ message }) => message),
    ['order 17 packed'],
  )
  await assert.rejects(page('logs://shop?level=loud'), /level/)

  // What is secret stays here, by shape, by name, and by a rule of our own; it cannot be searched for either.
  assert.equal(errors.entries[0]?.message, 'card refused, Authorization: [redacted]')
  assert.deepEqual(errors.entries[0]?.fields, { order: 49, customerNo: '[redacted]' })
  assert.deepEqual(errors.redacted, { bearer: 5, named: 10 })
  assert.deepEqual((await page('logs://shop?text=C-4711')).entries, [])
  const [basket, pay] = (await page('logs://web')).entries
  assert.equal(basket?.fields?.['path'], '/basket?voucher=[redacted]')
  assert.deepEqual([pay?.level, pay?.fields?.['status']], ['error', 500])

  // The same for models that reach for tools. What they call is in a log, too.
  const calls = 'logs://calls?limit=1'
  await reader.told({ resources: [calls] }, [calls], async () => {
    const { entries } = JSON.parse(await reader.call('search_logs', { log: 'shop', text: 'refused', limit: 1 })) as Page
    assert.deepEqual(entries, errors.entries.slice(-1))
  })
  assert.equal((await page(calls)).entries[0]?.message, 'search_logs: complete')
  assert.match(await reader.refusal('search_logs', { log: 'shops' }), /There are: shop, web, calls/)

  // An error that comes is news, and so is one in the file that comes after a rotation.
  const tail = 'logs://shop?level=error&limit=2'
  await reader.told({ resources: [tail] }, [tail], () => appendFileSync(shop, shopLine(300, 'error', 'stock', 'no tea left')))
  await reader.told({ resources: [tail] }, [tail], () => {
    renameSync(shop, `${shop}.1`)
    writeFileSync(shop, shopLine(301, 'error', 'stock', 'no milk left'))
  })
  assert.deepEqual(
    (await page(tail)).entries.map(({ message }) => message),
    ['no tea left', 'no milk left'],
  )
})
