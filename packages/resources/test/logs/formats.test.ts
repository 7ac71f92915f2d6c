import { detectFormat, formatNamed, type LogEntry, type LogFormatName } from '@oarlock/resources/logs'
import { best } from './best.ts'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('formats')

const AT = Date.UTC(2026, 10, 21, 10, 0, 0, 123)
const LOCAL = new Date(2026, 10, 21, 10, 0, 0, 123).getTime()

function entry(line: string, name: LogFormatName): LogEntry | undefined {
  assert.is(detectFormat([line]).name, name, `${line} is taken for ${detectFormat([line]).name}`)
  return formatNamed(name).parse(line)
}

const said = (found: LogEntry | undefined) => [found?.time, found?.level, found?.component, found?.message]

test('JSON lines of pino and bunyan: levels as numbers, epochs and ISO times', () => {
  const pino = entry(`{"level":40,"time":${AT},"pid":7,"hostname":"h","name":"api","msg":"slow","ms":1200}`, 'json')
  assert.equal(said(pino), [AT, 'warning', 'api', 'slow'])
  assert.equal({ ...pino?.fields }, { pid: 7, hostname: 'h', ms: 1200 })
  const bunyan = entry('{"name":"shop","hostname":"h","pid":1,"level":60,"msg":"gone","time":"2026-11-21T10:00:00.123Z","v":0}', 'json')
  assert.equal(said(bunyan), [AT, 'critical', 'shop', 'gone'])
  assert.equal({ ...bunyan?.fields }, { hostname: 'h', pid: 1 })
})

test('JSON lines of others: names of levels, seconds and nanoseconds, other names of members', () => {
  assert.equal(said(entry(`{"severity":"WARNING","ts":${AT / 1000},"message":"m","logger":"l"}`, 'json')), [AT, 'warning', 'l', 'm'])
  assert.equal(said(entry(`{"lvl":"eror","t":"1795255200123000000","text":"m"}`, 'json')), [AT, undefined, undefined, 'm'])
  assert.equal(said(entry('{"level":"trace","time":"never","msg":5}', 'json')), [undefined, 'debug', undefined, ''])
})

test('T8: a member named __proto__ is a field like others', () => {
  const found = entry('{"msg":"m","__proto__":{"polluted":true},"constructor":1}', 'json')
  assert.equal(Object.keys(found?.fields ?? {}), ['__proto__', 'constructor'])
  assert.is(({} as { polluted?: boolean }).polluted, undefined)
})

test('syslog of RFC 5424, with structured data', () => {
  const line = '<165>1 2026-11-21T10:00:00.123Z host app 77 ID47 [ex@1 iut="3" say="a \\"b\\" \\]c"][x y="z"] started'
  const found = entry(line, 'syslog')
  assert.equal(said(found), [AT, 'notice', 'app', 'started'])
  const data = found?.fields?.['data'] as Record<string, object>
  assert.equal([{ ...data['ex@1'] }, { ...data['x'] }], [{ iut: '3', say: 'a "b" ]c' }, { y: 'z' }])
  assert.equal([found?.fields?.['facility'], found?.fields?.['pid'], found?.fields?.['host']], [20, '77', 'host'])
  assert.equal(said(entry('<11>1 - - - - - -', 'syslog')), [undefined, 'error', undefined, ''])
})

test('syslog of RFC 3164, with and without a priority', () => {
  const now = new Date()
  const line = `Nov 21 10:00:00 host sshd[77]: Failed password for root`
  const found = entry(line, 'syslog')
  assert.equal([found?.level, found?.component, found?.message], [undefined, 'sshd', 'Failed password for root'])
  const year = new Date(now.getFullYear(), 10, 21, 10).getTime() <= now.getTime() + 86_400_000 ? now.getFullYear() : now.getFullYear() - 1
  assert.is(found?.time, new Date(year, 10, 21, 10).getTime())
  assert.equal(said(entry('<34>Oct 11 22:14:15 mymachine su: failed', 'syslog')).slice(1), ['critical', 'su', 'failed'])
  assert.equal(said(entry('2026-11-21T10:00:00.123+00:00 host cron[9]: run', 'syslog')), [AT, undefined, 'cron', 'run'])
})

test('logfmt, quoted and bare', () => {
  const found = entry('time=2026-11-21T10:00:00.123Z level=warn msg="took \\"long\\"" component=db ms=12 retry', 'logfmt')
  assert.equal(said(found), [AT, 'warning', 'db', 'took "long"'])
  assert.equal({ ...found?.fields }, { ms: '12', retry: 'true' })
})

test('access logs, common and combined', () => {
  const common = '203.0.113.9 - ann [21/Nov/2026:11:00:00 +0100] "GET /a?b=c HTTP/1.1" 404 17'
  const found = entry(common, 'combined')
  assert.equal(said(found), [AT - 123, 'warning', undefined, 'GET /a?b=c HTTP/1.1 404'])
  assert.equal(found?.fields, {
    client: '203.0.113.9',
    user: 'ann',
    method: 'GET',
    path: '/a?b=c',
    protocol: 'HTTP/1.1',
    status: 404,
    bytes: 17,
  })
  const combined = entry('::1 - - [21/Nov/2026:10:00:00 +0000] "POST / HTTP/2" 502 - "http://x/" "Agent \\"1\\""', 'combined')
  assert.equal([combined?.level, combined?.fields?.['agent'], combined?.fields?.['bytes']], ['error', 'Agent \\"1\\"', 0])
})

test('text with a time in front, in the ways programs write it', () => {
  const lines = new Map<string, readonly unknown[]>([
    ['2026-11-21T10:00:00.123Z ERROR [http] refused', [AT, 'error', 'http', 'refused']],
    ['2026-11-21 10:00:00,123 - worker.mail - WARNING - queue is full', [LOCAL, 'warning', 'worker.mail', 'queue is full']],
    ['2026/11/21 10:00:00 [crit] 12#0: *1 no space', [LOCAL - 123, 'critical', '12#0', '*1 no space']],
    ['[2026-11-21 10:00:00.123] production.ERROR: broken {"a":1}', [LOCAL, 'error', 'production', 'broken {"a":1}']],
    [`${AT} info listening on 8080`, [AT, 'info', undefined, 'listening on 8080']],
    ['2026-11-21T10:00:00.123Z GET /health took 3 ms', [AT, undefined, undefined, 'GET /health took 3 ms']],
  ])
  for (const [line, expected] of lines) assert.equal(said(entry(line, 'plain')), expected, line)
})

test('lines of nothing but text, whose level is understood where it is said', () => {
  assert.equal(said(entry('ERROR: disk full', 'lines')), [undefined, 'error', undefined, 'disk full'])
  assert.equal(said(entry('[warn] slow', 'lines')), [undefined, 'warning', undefined, 'slow'])
  assert.equal(said(entry('Error handling is fun', 'lines')), [undefined, undefined, undefined, 'Error handling is fun'])
})

test('a stack trace does not hide that most lines have times', () => {
  const trace = Array.from({ length: 12 }, (_, at) => `    at f${at} (file.js:${at}:1)`)
  assert.is(detectFormat(['2026-11-21T10:00:00Z ERROR boom', ...trace]).name, 'plain')
  assert.is(detectFormat([]).name, 'lines')
})

test('T22: reading takes time linear in the line, whatever it holds', () => {
  const shapes = [
    (n: number) => `{"a":${'['.repeat(n)}`,
    (n: number) => `<1>1 - - - - - ${'[a b="'.repeat(n)}`,
    (n: number) => `1.1.1.1 - - [21/Nov/2026:10:00:00 +0000] "${'\\'.repeat(n)}`,
    (n: number) => `2026-11-21T10:00:00Z ${'['.repeat(n)}`,
    (n: number) => `level=${'a '.repeat(n)}="`,
    (n: number) => ' '.repeat(n),
    (n: number) => `${'a'.repeat(n)}:`,
  ]
  for (const shape of shapes) {
    const cost = (n: number): number => {
      const line = shape(n)
      return best(() => void detectFormat([line]))
    }
    const [one, two] = [cost(4_000), cost(32_000)]
    // Quadratic, the second would take most of a second.
    assert.ok(two < one * 20 + 50, `${shape(3)}: ${one} ms, ${two} ms`)
  }
})

test('an unknown format is refused with the ones there are', () => {
  assert.throws(() => formatNamed('xml' as never), /"xml" is no log format: use json, syslog, combined/)
})

test.run()
