import { LogBuffer } from '@oarlock/resources/logs'
import { createHash } from 'node:crypto'
import { appendFile, copyFile, open, rename, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messages, pages, range, reader, written } from './reader.ts'
import { rejects } from './rejects.ts'
import { temporary } from './temporary.ts'

const test = suite('pages of logs')

test('a log is paged backwards: every entry once, in order within its page', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, written(1, 10))
  await using read = await reader(path)
  assert.equal(await pages(read, '?limit=4'), [range(7, 10), range(3, 6), range(1, 2)])
  assert.equal(messages(await read()), range(1, 10))
  assert.is((await read('?limit=10')).older, undefined)
})

test('pages go on through rotation by renaming, and through copying and truncating, while they are read', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, written(1, 6))
  await using read = await reader(path)
  const first = await read('?limit=2')
  assert.equal(messages(first), range(5, 6))
  await rename(path, `${path}.1`)
  await writeFile(path, written(7, 9))
  const second = await read(first.older)
  assert.equal(messages(second), range(3, 4))
  assert.equal(messages(await read('?limit=5')), range(5, 9))
  await rename(`${path}.1`, `${path}.2`)
  await copyFile(path, `${path}.1`)
  assert.equal(messages(await read()), range(1, 9), 'what is in a copy and not truncated yet is there once')
  await truncate(path, 0)
  await appendFile(path, written(10, 10))
  assert.equal(messages(await read(second.older)), range(1, 2))
  assert.equal(messages(await read()), range(1, 10))
})

test('a cursor of an entry that is gone, or of nobody, is refused', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, written(1, 6))
  await using read = await reader(path)
  const { older } = await read('?limit=2')
  await writeFile(path, written(20, 26))
  for (const uri of [older, '?before=x', '?before=0.000000000000', '?before=-1.000000000000'])
    await rejects(() => read(uri), /before names no entry/, uri)
})

test('the last hundred lines of a file of one gigabyte cost only its end, and so do those before a time', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  const file = await open(path, 'w')
  const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1) + minute * 60_000).toISOString()
  // Sixteen stretches of entries, each at the start of 64 MiB; between them is nothing, which the file system does not store.
  for (let block = 0; block < 16; block++) {
    const lines = Array.from({ length: 3_000 }, (_, line) => `${at(block * 3_000 + line)} info entry ${block * 3_000 + line}\n`)
    await file.write(`\n${lines.join('')}`, block * 64 * 1024 * 1024)
  }
  await file.truncate(1024 * 1024 * 1024)
  await file.write(`\n${at(48_000)} info entry 48000\n`)
  const end = Array.from({ length: 500 }, (_, line) => `${at(48_001 + line)} info entry ${48_001 + line}\n`)
  await file.write(`\n${end.join('')}`, 1024 * 1024 * 1024)
  await file.close()
  await using read = await reader(path)
  const started = performance.now()
  const last = await read('?limit=100')
  assert.is(last.entries.at(-1)?.message, 'entry 48500')
  assert.is(last.entries.length, 100)
  assert.ok(last.scanned <= 128 * 1024, `${last.scanned} bytes were read`)
  assert.ok(performance.now() - started < 2_000)
})

test('a time in the middle of a large file is found without reading what is after it', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  const at = (second: number): string => new Date(Date.UTC(2026, 0, 1) + second * 1_000).toISOString()
  const padding = 'x'.repeat(160)
  const file = await open(path, 'w')
  for (let part = 0; part < 40; part++)
    await file.write(
      Array.from({ length: 5_000 }, (_, line) => `${at(part * 5_000 + line)} info ${part * 5_000 + line} ${padding}\n`).join(''),
    )
  const { size } = await file.stat()
  await file.close()
  await using read = await reader(path)
  const page = await read(`?since=${at(100_000)}&until=${at(100_004)}`)
  assert.equal(
    page.entries.map(({ message }) => message.split(' ')[0]),
    ['100000', '100001', '100002', '100003', '100004'],
  )
  assert.ok(page.scanned < 1024 * 1024, `${page.scanned} of ${size} bytes were read`)
  assert.is(page.older, undefined)
})

test('a search that reads as much as it may says so, and goes on where it stopped', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, `needle\n${`${'hay '.repeat(25)}\n`.repeat(4_000)}`)
  await using read = await reader(path, { maxScan: 100_000 })
  const first = await read('?text=NEEDLE')
  assert.equal([first.entries, first.incomplete, typeof first.older], [[], true, 'string'])
  assert.ok(first.scanned < 200_000)
  assert.equal((await pages(read, '?text=NEEDLE')).flat(), ['needle'])
})

test('entries are filtered by level and above, component, time and text, all of which must fit', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  const lines = [
    { level: 20, time: 1_795_255_200_000, name: 'http.server', msg: 'a' },
    { level: 30, time: 1_795_255_260_000, name: 'http', msg: 'b', user: { id: 'Ann' } },
    { level: 50, time: 1_795_255_320_000, name: 'httpd', msg: 'c' },
    { level: 60, time: 1_795_255_380_000, name: 'db', msg: 'd' },
    { msg: 'e' },
  ]
  await writeFile(path, lines.map(line => `${JSON.stringify(line)}\n`).join(''))
  await using read = await reader(path)
  const queries = new Map([
    ['?level=error', 'cd'],
    ['?level=WARN', 'cd'],
    ['?level=debug', 'abcd'],
    ['?component=HTTP', 'ab'],
    ['?since=2026-11-21T10:02:00Z', 'cd'],
    ['?until=1795255260', 'ab'],
    ['?since=2026-11-21T10:01:00Z&until=2026-11-21T10:02:00Z', 'bc'],
    ['?text=ann', 'b'],
    ['?text=%2E%2E%2Fetc', ''],
    ['?component=http&text=ann&level=info', 'b'],
    ['', 'abcde'],
  ])
  for (const [query, expected] of queries) assert.is(messages(await read(query)).join(''), expected, query)
})

test('what is asked wrongly is explained', async () => {
  await using read = await reader(new LogBuffer())
  await rejects(() => read('?level=eror'), /level "eror" is none: debug, info.*Did you mean/s)
  await rejects(() => read('?since=yesterday'), /since "yesterday" is no time: write/)
  await rejects(() => read('?limit=0'), /limit "0" is no number of entries: 1 to 1000/)
  await rejects(() => read('logs://other'), /not found/i)
})

test('lines of a stack trace belong to their entry, also across pages and blocks', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  const trace = Array.from({ length: 400 }, (_, at) => `    at step${at} (${'f'.repeat(120)}.js:${at})`).join('\n')
  await writeFile(
    path,
    `2026-11-21T10:00:00Z ERROR one\n${trace}\n2026-11-21T10:00:01Z ERROR two\n  caused by\n2026-11-21T10:00:02Z INFO three\n`,
  )
  await using read = await reader(path)
  assert.equal((await pages(read, '?limit=1')).flat(), ['three', 'two\n  caused by', `one\n${trace}`])
  assert.equal(messages(await read('?level=error&text=step399')), [`one\n${trace}`])
})

test('a last line without newline is shown only when it is not being written any more', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, 'one\ntwo')
  await using read = await reader(path)
  assert.equal(messages(await read()), ['one'])
  await utimes(path, 1_000, 1_000)
  assert.equal(messages(await read()), ['one', 'two'])
})

test('characters that are cut by a block come whole, and bytes that are none do no harm', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  const line = '漢字🎉'.repeat(1_000)
  await writeFile(path, Buffer.concat([Buffer.from(`${line}\n`.repeat(20)), Buffer.of(0xff, 0xfe, 0x41, 0x0a)]))
  await using read = await reader(path)
  const found = messages(await read())
  assert.equal(
    found.slice(0, 20),
    Array.from({ length: 20 }, () => line),
  )
  assert.is(found[20], '\ufffd\ufffdA')
})

test('a page never exceeds its bytes; what does not fit comes with the next one', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, Array.from({ length: 10 }, (_, at) => `${at} ${'x'.repeat(9_000)}\n`).join(''))
  await using read = await reader(path, { maxBytes: 32 * 1024 })
  const all = await pages(read, '')
  assert.ok(all.length >= 5 && all.every(page => page.join('').length < 32 * 1024))
  assert.equal(
    all
      .toReversed()
      .flat()
      .map(text => text[0])
      .join(''),
    '0123456789',
  )
  await appendFile(path, `big ${'"\u0001'.repeat(30_000)}\n`)
  assert.is(messages(await read('?limit=1'))[0]?.slice(0, 4), 'big ')
})

test('T28: what is redacted is counted, not shown, and cannot be searched for', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  const secret = ['ghp', 'Zq7x'.repeat(9)].join('_')
  await writeFile(path, `{"level":30,"msg":"pushed with ${secret}","password":"hunter2","name":"${secret}"}\n`)
  await using read = await reader(path)
  const page = await read()
  assert.not(JSON.stringify(page).includes('Zq7x'))
  assert.not(JSON.stringify(page).includes('hunter2'))
  assert.equal(page.redacted, { github: 2, named: 1 })
  for (const part of ['Zq7x', 'ghp_', 'hunter', 'hunter2']) assert.equal((await read(`?text=${part}`)).entries, [], part)
  assert.equal((await read(`?component=${secret}`)).entries, [])
  assert.is((await read('?text=pushed')).entries.length, 1)
})

test('T28: a private key that is logged line by line is hidden whole, however it is paged, begun or ended', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  const body = ['MIIEowIBAAKCAQEA', 'q7x', 'ShortTail=']
  const key = ['-----BEGIN RSA PRIVATE KEY-----', ...body, '-----END RSA PRIVATE KEY-----']
  for (const lines of [
    ['start it', ...key, 'go on'],
    ['start it', ...key.slice(0, 3)],
    [...key.slice(2), 'go on'],
  ]) {
    await writeFile(path, lines.map(line => `${line}\n`).join(''))
    await using read = await reader(path)
    const single = (await pages(read, '?limit=1')).flat()
    for (const text of [...single, ...messages(await read())])
      for (const part of body.slice(lines[0] === 'start it' ? 0 : 1)) assert.not(text.includes(part), text)
    assert.equal((await read('?text=q7x')).entries, [])
  }
})

test('T28: a cursor that somebody made up does not lead into the middle of a key', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  const [before, end] = ['q7x\nShortTail=\n', '-----END RSA PRIVATE KEY-----']
  await writeFile(path, `${before}${end}\ngo on\n`)
  await using read = await reader(path)
  const check = createHash('sha256').update(end).digest('base64url').slice(0, 12)
  const page = await read(`?before=${before.length.toString(36)}.${check}`)
  assert.not(/q7x|ShortTail/.test(JSON.stringify(page)))
  const buffer = new LogBuffer()
  buffer.write(`${before}${end}\ngo on\n`)
  await using other = await reader(buffer)
  const { older = '' } = await other('?limit=1')
  assert.not(/q7x|ShortTail/.test(JSON.stringify(await other(older.replace(/\.\w+$/, '.2')))))
})

test('T28: an entry cannot break out of its place, and steers no terminal', async () => {
  await using folder = await temporary()
  const path = join(folder.path, 'app.log')
  await writeFile(path, '{"msg":"a\\u001b[2J\\"}],\\"older\\":\\"x","b\\u0007":"\\u202e"}\nb \u001b]0;x\u0007 c\n')
  await using read = await reader(path)
  const { entries, older } = await read()
  assert.is(older, undefined)
  assert.equal(entries, [{ message: 'a"}],"older":"x', fields: { 'b\\u0007': '' } }, { message: 'b  c' }])
})

test('row 16: a log whose file is not there is empty; a folder in its place is an error that tells nothing', async () => {
  await using folder = await temporary()
  await using read = await reader(join(folder.path, 'none', 'app.log'))
  assert.equal((await read()).entries, [])
  await using broken = await reader(folder.path)
  await rejects(() => broken(), /^(?!.*oarlock-logs)/)
})

test.run()
