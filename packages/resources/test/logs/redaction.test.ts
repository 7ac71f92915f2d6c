import { REDACTED, Redaction, type RedactOptions } from '@oarlock/resources/logs'
import { best } from './best.ts'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('redaction')

const plain = (text: string, options?: RedactOptions): string => new Redaction(options).text(text, new Map())

/** So that no scanner takes what is here for real. */
const of = (text: string): string => text

const JWT = `eyJhbGciOiJIUzI1NiJ9.${of('eyJzdWIiOiJhbm4ifQ')}.c2lnbmF0dXJl`
/** Texts with a secret, and the secret, none of whose characters in a row may be left. */
const SECRETS: readonly (readonly [text: string, secret: string])[] = [
  ['Authorization: Bearer abc.DEF-123456', 'abc.DEF-123456'],
  ['got bearer 0123456789abcdef from client', '0123456789abcdef'],
  ['authorization=Basic dXNlcjpodW50ZXIy', 'dXNlcjpodW50ZXIy'],
  ['sent Basic dXNlcjpodW50ZXIy along', 'dXNlcjpodW50ZXIy'],
  ['Cookie: sid=s3cret; theme=dark', 's3cret'],
  ['set-cookie: session=abcdef; HttpOnly', 'abcdef'],
  [`token was ${JWT} today`, JWT.slice(8)],
  [`key ${of('AKIA')}IOSFODNN7EXAMPLE used`, 'IOSFODNN7EXAMPLE'],
  ['aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'wJalrXUtnFEMI'],
  [`pushed with ${of('ghp')}_${'a1B2'.repeat(9)}`, 'a1B2a1B2'],
  [`${of('github')}_pat_${'a1B2_'.repeat(9)}`, 'a1B2_a1B2'],
  [`slack ${of('xoxb')}-123456789012-abcdefABCDEF`, '123456789012-abcdef'],
  [`hook https://hooks.slack.com/${of('services')}/T000/B000/XXXXyyyyZZZZ`, 'XXXXyyyyZZZZ'],
  [`npm ${of('npm')}_${'a1B2'.repeat(9)}`, 'a1B2a1B2'],
  [`using ${of('sk')}-proj-abcdefghijklmnopqrst`, 'abcdefghijklmnopqrst'],
  [`charge ${of('sk')}_live_abcdefghijklmnopqrst`, 'abcdefghijklmnopqrst'],
  [`map ${of('AIza')}${'a1B2c'.repeat(7)}`, 'a1B2ca1B2c'],
  ['-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAK\n-----END RSA PRIVATE KEY----- after', 'IBAAK'],
  ['-----BEGIN PRIVATE KEY-----\nMIIEow and then the log ends', 'MIIEow'],
  ['connecting to postgres://app:hunter2@db/main', 'hunter2'],
  ['redis://:pa:ss@host:6379', 'pa:ss'],
  [`cloning https://${'x'.repeat(40)}@host/repo`, 'xxxx'],
  ['login password=hunter2&next=/', 'hunter2'],
  ['GET /cb?code=1&access_token=abc123&x=2', 'abc123'],
  ['{"user":"ann","password":"hunter2","n":1}', 'hunter2'],
  ['body {\\"apiKey\\":\\"hunter2\\",\\"n\\":1}', 'hunter2'],
  ["{'client_secret': 'hunter2'}", 'hunter2'],
  ['mysqldump --password hunter2 --all', 'hunter2'],
  ['mysqldump --password=hunter2 --all', 'hunter2'],
  ['DB_PASS=hunter2 started', 'hunter2'],
  ['X-Api-Key: hunter2', 'hunter2'],
  ['password: "hun\\"ter2" ok', 'ter2'],
  ['password=hun,ter;2 next', 'ter;2'],
  ['pass\u001b[31mword=hunter2', 'hunter2'],
  ['pass\u200bword=hunter2', 'hunter2'],
  ['A'.repeat(64), 'AAAA'],
]

test('T28: secrets are found in text by their shape, by their name and by where they stand', () => {
  for (const [text, secret] of SECRETS) {
    const counts = new Map<string, number>()
    const safe = new Redaction().text(text, counts)
    assert.not(safe.includes(secret), `${secret} is left in: ${safe}`)
    assert.ok(safe.includes(REDACTED) && counts.size > 0, safe)
    assert.is(plain(safe), safe, 'what is redacted stays as it is')
  }
})

test('what stands around a secret stays', () => {
  assert.is(plain('GET /cb?access_token=abc123&x=2 from 10.0.0.1'), 'GET /cb?access_token=[redacted]&x=2 from 10.0.0.1')
  assert.is(plain('to postgres://app:hunter2@db/main ok'), 'to postgres://app:[redacted]@db/main ok')
  assert.is(plain('{"password":"hunter2","n":1}'), '{"password":"[redacted]","n":1}')
  assert.is(plain('Authorization: Bearer abc.DEF-123456\nAccept: x'), 'Authorization: [redacted]\nAccept: x')
})

test('ordinary text is left alone', () => {
  const ordinary = [
    'Basic authentication is on',
    'bearer of bad news',
    'http://localhost:8080/path?author=ann&bypass=true',
    'ssh://git@host/repo',
    'listening at 12:00:00 on [::1]:8080',
    'used 512 tokens: 12 prompt',
    'password: null, token: undefined, secret=',
    'task-force and disk-usage and risk-assessment-of-things',
    'commit 9fceb02d0ae598e95dc970b74767f19372d61af8',
  ]
  for (const text of ordinary) assert.is(plain(text), text)
})

test('fields are redacted by name, however deep, in lists of headers too, and by shape', () => {
  const counts = new Map<string, number>()
  const fields = {
    req: { headers: { authorization: 'x', Cookie: ['a'], accept: '*/*' }, rawHeaders: ['Cookie', 'a=b', 'Accept', 'x'] },
    har: [{ name: 'Set-Cookie', value: 'v' }],
    credentials: { user: 'u' },
    pin: 1234,
    token: null,
    usage: { tokens: 5 },
    text: `it is ${JWT}`,
    ['__proto__']: 1,
  }
  const safe = new Redaction().entry({ message: 'm', fields }, counts)
  assert.equal(JSON.parse(JSON.stringify(safe.fields)), {
    req: { headers: { authorization: REDACTED, Cookie: REDACTED, accept: '*/*' }, rawHeaders: ['Cookie', REDACTED, 'Accept', 'x'] },
    har: [{ name: 'Set-Cookie', value: REDACTED }],
    credentials: REDACTED,
    pin: REDACTED,
    token: null,
    usage: { tokens: 5 },
    text: 'it is [redacted]',
    ['__proto__']: 1,
  })
  assert.equal(Object.fromEntries(counts), { named: 6, jwt: 1 })
})

test('fields nested without end do not exhaust the stack', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`) as Record<string, never>
  assert.match(JSON.stringify(new Redaction().entry({ message: '', fields: deep }, new Map()).fields), /too deep/)
})

test('own names, values and patterns count like the default ones', () => {
  const options = { names: ['customer-no'], values: ['swordfish/9'], patterns: [{ name: 'ticket', pattern: /\bT-[0-9]{4,12}\b/ }] }
  const counts = new Map<string, number>()
  const safe = new Redaction(options).text('customerNo=17 said swordfish/9 and swordfish%2F9 about T-12345', counts)
  assert.is(safe, 'customerNo=[redacted] said [redacted] and [redacted] about [redacted]')
  assert.equal(Object.fromEntries(counts), { named: 1, value: 2, ticket: 1 })
})

test('default rules can be left out by name; a wrong name is told', () => {
  assert.is(plain('A'.repeat(64), { without: ['base64-line'] }), 'A'.repeat(64))
  assert.is(plain('password=x', { without: ['named'] }), 'password=x')
  assert.throws(() => new Redaction({ without: ['jtw'] }), /no redaction rule "jtw": private-key, bearer/)
  assert.throws(() => new Redaction({ values: ['abc'] }), /at least 6 characters/)
})

test('T22: a pattern that could be slow is refused', () => {
  const refused = [/a+/, /a*b/, /(?:a{1,10}){1,10}/, /(a|ab){1,20}c/, /[a-z]{1,100}[a-z]{1,100}x/, /(a)\1/, /x{2,}/, /a{1,5000}/, /a/y]
  for (const pattern of refused)
    assert.throws(() => new Redaction({ patterns: [{ name: 'p', pattern }] }), /rule "p" could be slow/, String(pattern))
  for (const pattern of [/acme-[a-z0-9]{16,64}/i, /(?<=id )\d{1,9}/, /(?:foo|bar)-\d{4}/, /[\]a-z]{32}/u])
    assert.not.throws(() => new Redaction({ patterns: [{ name: 'p', pattern }] }), undefined, String(pattern))
})

test('T22: redaction takes time linear in the text', () => {
  const redaction = new Redaction()
  const shapes = [
    'eyJaaaaaaaa-',
    'eyJaaaaaaaa.',
    'Bearer ',
    '://a:',
    '://',
    'password=',
    '"password":"',
    '\\"',
    '-----BEGIN PRIVATE KEY',
    'sk-',
    'ghp_a',
    'xoxb-a-',
  ]
  const more = ['=', ':', '--password ', ' ', '\u001b]', '\u001b[', 'a=', 'password:,', 'AKIA', 'password=a,']
  for (const shape of [...shapes, ...more]) {
    const cost = (n: number): number => {
      const text = shape.repeat(n)
      return best(() => void redaction.text(text, new Map()))
    }
    const [one, two] = [cost(1_000), cost(8_000)]
    // Quadratic, the second would take seconds.
    assert.ok(two < one * 20 + 50, `${JSON.stringify(shape)}: ${one} ms, ${two} ms`)
  }
})

test('row 22: what could steer a terminal, hide or turn text around does not come through', () => {
  const bad = '\u001b]0;title\u0007\u001b[31mred\u001b[0m \u009b1mA\u0007B\u202eC\u2066D\u200bE\u{e0041}F\rG\u2028H\u0000I\u001bcJ'
  assert.is(plain(bad), 'red A\\u0007BCDEF\\u000dG\\u2028H\\u0000IJ')
  assert.is(plain('tab\tand\nnewline stay, é 漢 🎉 too'), 'tab\tand\nnewline stay, é 漢 🎉 too')
})

test.run()
