/** Matching: how URIs are read, which templates are refused, and that the cost is linear. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compareTemplates, compileTemplate, expandTemplate } from '../../src/uri-template.ts'
import { InvalidTemplate } from '../../src/uri-template/syntax.ts'
import { Random } from '../random.ts'

const test = suite('uri template: matching')

const match = (template: string, uri: string): unknown => {
  const found = compileTemplate(template).match(uri)
  return found === undefined ? undefined : { ...found }
}

/** Each row: a template, a URI, and the variables in it, or undefined for no match. */
const rows = (name: string, table: readonly (readonly [template: string, uri: string, found: unknown])[]): void => {
  test(name, () => {
    for (const [template, uri, found] of table) assert.equal(match(template, uri), found, `${template} ${uri}`)
  })
}

rows('text without expressions matches itself only', [
  ['config://app', 'config://app', {}],
  ['config://app', 'config://app/', undefined],
  ['config://app', 'config://ap', undefined],
  ['config://app', 'config://App', undefined],
  ['x://café', 'x://caf%C3%A9', {}],
])

rows('a plain variable is one segment, up to what follows it', [
  ['users://{id}', 'users://42', { id: '42' }],
  ['users://{id}', 'users://', undefined],
  ['users://{id}', 'users://4/2', undefined],
  ['users://{id}', 'users://4?x', undefined],
  ['users://{id}', 'users://4#x', undefined],
  ['test://template/{id}/data', 'test://template/123/data', { id: '123' }],
  ['test://template/{id}/data', 'test://template//data', undefined],
  ['test://template/{id}/data', 'test://template/1/2/data', undefined],
  ['test://template/{id}/data', 'test://template/1/dat', undefined],
  ['x://{a}.json', 'x://b.json', { a: 'b' }],
  ['mail://{who}/in', 'mail://me@example.com:1/in', { who: 'me@example.com:1' }],
])

rows('a variable ends at the first place where what follows stands', [
  ['x://{a}-{b}', 'x://1-2-3', { a: '1', b: '2-3' }],
  ['x://{y}-{m}-{d}', 'x://2026-07-28', { y: '2026', m: '07', d: '28' }],
  ['x://{a}-x{b}', 'x://1-2-x3', { a: '1-2', b: '3' }],
  ['x://{a}--{b}', 'x://1---2', { a: '1', b: '-2' }],
])

rows('values are decoded exactly once', [
  ['x://{a}', 'x://a%20b', { a: 'a b' }],
  ['x://{a}', 'x://%2541', { a: '%41' }],
  ['x://{a}', 'x://caf%C3%A9', { a: 'café' }],
  ['x://{a}', 'x://café', { a: 'café' }],
  ['x://{a}', 'x://a%2Fb', { a: 'a/b' }],
  ['x://{a}', 'x://a+b', { a: 'a+b' }],
  ['x://{+a}', 'x://a%2Fb/c', { a: 'a/b/c' }],
])

rows('malformed percent-encoding does not match', [
  ['x://{a}', 'x://%', undefined],
  ['x://{a}', 'x://%4', undefined],
  ['x://{a}', 'x://%zz', undefined],
  ['x://{a}', 'x://%ff', undefined],
  ['x://{a}', 'x://%c0%80', undefined],
  ['x://{+a}', 'x://a/%ed%a0%80', undefined],
  ['x://{/a*}', 'x:///a/%', undefined],
  ['x://a{?b}', 'x://a?b=%', undefined],
  ['x://a{;b}', 'x://a;b=%', undefined],
  ['x://a{#b}', 'x://a#%', undefined],
])

rows('{+name} takes as much as it can, what follows is found from the end', [
  ['files:///{+path}', 'files:///a/b/c.txt', { path: 'a/b/c.txt' }],
  ['files:///{+path}', 'files:///', undefined],
  ['files:///{+path}', 'files:////etc', { path: '/etc' }],
  ['proxy://{+url}', 'proxy://https://x/y?z=1#f', { url: 'https://x/y?z=1#f' }],
  ['x://{+path}/raw', 'x://a/raw/b/raw', { path: 'a/raw/b' }],
  ['x://{+path}/raw', 'x://raw', undefined],
  ['x://{+path}/raw', 'x:///raw', undefined],
  ['x://{+dir}/{file}', 'x://a/b/c', { dir: 'a/b', file: 'c' }],
  ['x://{+dir}/{file}', 'x://a/', undefined],
  ['x://{+dir}/{name}.{ext}', 'x://a/b/c.d.e', { dir: 'a/b', name: 'c.d', ext: 'e' }],
  ['x://{host}/{+path}/v/{n}', 'x://h/a/v/1/v/2', { host: 'h', path: 'a/v/1', n: '2' }],
  ['x://{a}/{+path}', 'x://h', undefined],
])

rows('expressions with a character of their own may be absent', [
  ['x://a{/b}', 'x://a', {}],
  ['x://a{/b}', 'x://a/c', { b: 'c' }],
  ['x://a{/b}', 'x://a/', { b: '' }],
  ['x://a{/b}', 'x://ab', undefined],
  ['x://a{/b}', 'x://a/c/d', undefined],
  ['x://a{/b,c}', 'x://a/1', { b: '1' }],
  ['x://a{/b,c}', 'x://a/1/2', { b: '1', c: '2' }],
  ['x://a{/b,c}', 'x://a/1/2/3', undefined],
  ['x://{n}{.ext}', 'x://a', { n: 'a' }],
  ['x://{n}{.ext}', 'x://a.b.c', { n: 'a', ext: 'b.c' }],
  ['x://{n}{.ext}{/s}', 'x://a/t', { n: 'a', s: 't' }],
  ['x://{n}{.ext}{/s}', 'x://a.b/t', { n: 'a', ext: 'b', s: 't' }],
  ['x://{a,b}', 'x://1', { a: '1' }],
  ['x://{a,b}', 'x://1,2', { a: '1', b: '2' }],
  ['x://{a,b}', 'x://1,2,3', undefined],
  ['x://{a,b}/c', 'x://1/c', { a: '1' }],
  ['x://{a,b}/c', 'x://1,2/c', { a: '1', b: '2' }],
  ['x://a{#f}', 'x://a', {}],
  ['x://a{#f}', 'x://a#b/c?d#e', { f: 'b/c?d#e' }],
  ['x://{+a}{#f}', 'x://a/b#c', { a: 'a/b', f: 'c' }],
])

rows('{/name*} is a list of segments', [
  ['repo://{o}{/path*}', 'repo://me', { o: 'me' }],
  ['repo://{o}{/path*}', 'repo://me/a', { o: 'me', path: ['a'] }],
  ['repo://{o}{/path*}', 'repo://me/a/b%2Fc/d', { o: 'me', path: ['a', 'b/c', 'd'] }],
  ['repo://{o}{/path*}', 'repo://me/', { o: 'me', path: [''] }],
  ['repo://{o}{/path*}', 'repo://me//a/', { o: 'me', path: ['', 'a', ''] }],
  ['x:{/path*}/raw', 'x:/raw', {}],
  ['x:{/path*}/raw', 'x:/a/raw/raw', { path: ['a', 'raw'] }],
  ['x:{/path*}/{file}', 'x:/a/b/c', { path: ['a', 'b'], file: 'c' }],
  ['x:{/path*}/{file}', 'x:/c', { file: 'c' }],
  ['x:{/path*}/{file}', 'x:y/c', undefined],
  ['x:{/owner,path*}', 'x:/a/b/c', { owner: 'a', path: ['b', 'c'] }],
  ['x:{/owner,path*}', 'x:', {}],
])

rows('{;name} reads named parameters up to the next slash, in any order', [
  ['x://a{;b,c}', 'x://a', {}],
  ['x://a{;b,c}', 'x://a;b=1;c=2', { b: '1', c: '2' }],
  ['x://a{;b,c}', 'x://a;c=2;b', { b: '', c: '2' }],
  ['x://a{;b,c}', 'x://a;d=3;b=1', { b: '1' }],
  ['x://a{;b,c}', 'x://a;b=1;b=2', undefined],
  ['x://a{;b}/d', 'x://a;b=1/d', { b: '1' }],
  ['x://{a}{;b}/d', 'x://q;b=1/d', { a: 'q', b: '1' }],
  ['x://{a}{;b}/d', 'x://q/d', { a: 'q' }],
  ['x://a{;b}', 'x://a;b=1/c', undefined],
  ['x://a{;b}', 'x://ab=1', undefined],
])

rows('query parameters come in any order, may be absent, and unknown ones are ignored', [
  ['logs://{s}{?tail,level}', 'logs://api', { s: 'api' }],
  ['logs://{s}{?tail,level}', 'logs://api?', { s: 'api' }],
  ['logs://{s}{?tail,level}', 'logs://api?level=warn&tail=5', { s: 'api', tail: '5', level: 'warn' }],
  ['logs://{s}{?tail,level}', 'logs://api?x=1&tail=5&&y', { s: 'api', tail: '5' }],
  ['logs://{s}{?tail,level}', 'logs://api?tail', { s: 'api', tail: '' }],
  ['logs://{s}{?tail,level}', 'logs://api?tail=a=b', { s: 'api', tail: 'a=b' }],
  ['logs://{s}{?tail}', 'logs://api?Tail=5', { s: 'api' }],
  ['logs://{s}{?tail}', 'logs://api?tail=5#f', undefined],
  ['logs://{s}{?tail}{#f}', 'logs://api?tail=5#f?g', { s: 'api', tail: '5', f: 'f?g' }],
  ['logs://{service}/{+path}{?tail}', 'logs://api/var/log/x?tail=9', { service: 'api', path: 'var/log/x', tail: '9' }],
  ['logs://{service}/{+path}{?tail}', 'logs://api/var/log/x', { service: 'api', path: 'var/log/x' }],
  ['x://a{?t*}', 'x://a?t=1&u=2&t=3', { t: ['1', '3'] }],
  ['x://a{?t*}', 'x://a', {}],
])

rows('a second value for one name does not match', [
  ['x://a{?b}', 'x://a?b=1&b=2', undefined],
  ['x://a{?b}', 'x://a?b=1&b=1', undefined],
  ['x://a?k=1{&b}', 'x://a?k=1&k=1', undefined],
])

rows('what a query spells out must be there', [
  ['x://a?city={city}&units={units}', 'x://a?units=c&city=Ulm', { city: 'Ulm', units: 'c' }],
  ['x://a?city={city}&units={units}', 'x://a?city=Ulm', undefined],
  ['x://a?city={city}', 'x://a?city=', { city: '' }],
  ['x://a?city={city}', 'x://a', undefined],
  ['x://a?v=1{&b}', 'x://a?b=2&v=1', { b: '2' }],
  ['x://a?v=1{&b}', 'x://a?b=2&v=2', undefined],
  ['x://a?v=1{&b}', 'x://a?b=2', undefined],
  ['x://a?flag', 'x://a?flag', {}],
  ['x://a?flag', 'x://a', undefined],
  ['x://a{?b}&c={c}', 'x://a?c=1', { c: '1' }],
])

test('T8: variables live in an object that knows nothing else', () => {
  const found = compileTemplate('x://{__proto__}/{constructor}').match('x://a/b')
  const none = compileTemplate('x://a').match('x://a') as Record<string, unknown>
  for (const name of Object.getOwnPropertyNames(Object.prototype)) assert.is(none[name], undefined, name)
  const known = Object.getPrototypeOf(none) as object
  assert.equal([Object.getPrototypeOf(known), Reflect.ownKeys(known), Object.isFrozen(known)], [null, [], true])
  assert.equal(Object.entries(found ?? {}), [
    ['__proto__', 'a'],
    ['constructor', 'b'],
  ])
  assert.equal(match('x://a{?toString}', 'x://a?valueOf=1'), {})
  assert.equal(Object.keys(compileTemplate('x://a{;__proto__}').match('x://a;__proto__=1') ?? {}), ['__proto__'])
})

test('row 3: a template that could be read in two ways is refused, with the expressions and the cure', () => {
  const problem = (template: string): string => {
    try {
      compileTemplate(template)
    } catch (error) {
      if (InvalidTemplate.is(error)) return error.problems.join('; ')
    }
    return assert.unreachable(`${template} was accepted`) as never
  }
  assert.is(problem('x://{a}{b}'), 'nothing shows where {a} ends and {b} begins; put a character between them, such as {a}/{b}')
  assert.match(problem('x://{a}{b}{c}{d}'), /\{a\} ends.*\{b\} ends.*\{c\} ends/)
  for (const adjacent of ['{a}{+b}', '{+a}{b}', '{a}{b,c}', '{/a}{b}', '{a,b}{c}', '{/a*}{b}', '{.a}{+b}']) {
    assert.match(problem(`x://${adjacent}`), /^nothing shows where/, adjacent)
  }
  for (const greedy of ['{+a}{+b}', '{+a}/{+b}', '{+a}/x/{/b*}', '{/a*}/x{/b*}']) {
    assert.match(problem(`x://${greedy}`), /both take as much as they can; keep one/, greedy)
  }
  for (const swallowed of ['{+a}{/b}', '{+a}{.b}', '{+a}{;b}', '{+a}/{b,c}', '{/a*}{.b}']) {
    assert.match(problem(`x://${swallowed}`), /would swallow/, swallowed)
  }
  for (const commas of ['{+a,b}', '{#a,b}']) assert.match(problem(`x://${commas}`), /may contain the "," between them/)
  assert.is(
    problem('x://{/var,x}/here'),
    '{/var,x} may be absent and "/here" begins with the same "/", so they cannot be told apart; write /{var}; ' +
      '{/var,x} may be absent and "/here" begins with the same "/", so they cannot be told apart; write /{x}',
  )
  for (const absent of ['{/a}{/b}', '{.a}.json', '{/a}{.b}{/c}', '{;a}{;b}', '{/a}{/b*}'])
    assert.match(problem(`x://n${absent}`), /cannot be told apart/, absent)
  assert.match(problem('x://{;a}b'), /reaches to the next "\/"/)
  assert.match(problem('x://{/a*}b'), /a list of segments ends at a "\/"/)
  for (const list of ['{a*}', '{+a*}', '{.a*}', '{;a*}', '{#a*}']) assert.match(problem(`x://${list}`), /cannot be read back as a list/)
  assert.match(problem('x://{a:3}'), /\{a:3\} cuts a off, so it cannot be read back/)
  assert.match(problem('x://{a}/{a}'), /the variable a occurs twice/)
})

test('a query or fragment that cannot be read by name is refused', () => {
  const refused: [template: string, why: RegExp][] = [
    ['x://a{&b}', /no query to continue; write \{\?b\}/],
    ['x://a?{b}', /not the whole value of a parameter; write \{\?b\} or \?b=\{b\}/],
    ['x://a?n=x{b}', /not the whole value/],
    ['x://a?n={b}x', /no "&" before it/],
    ['x://a?n={b,c}', /cannot stand in a query/],
    ['x://a?n={+b}', /cannot stand in a query/],
    ['x://a?n={b}{c}', /cannot stand in a query/],
    ['x://a{?b}/c', /no "&" before it/],
    ['x://a{?b}{/c}', /cannot stand in a query/],
    ['x://a{?b}{?c}', /begins a second query; write \{&c\}/],
    ['x://a{?b}&b=1', /the query parameter b occurs twice/],
    ['x://a#{b}{?c}', /query stands after a "#"/],
    ['x://a{#b}c', /nothing can follow it/],
    ['x://a{#b}{?c}', /nothing can follow it/],
    ['x://a#b{#c}', /second fragment/],
    ['x://a?b=1#c', /a fragment behind a query is \{#name\}/],
  ]
  for (const [template, why] of refused) assert.throws(() => compileTemplate(template), why, template)
})

test('S-RES-11: the most specific template comes first, and the order does not depend on chance', () => {
  const sorted = [
    'files://docs/{+path}',
    'files://{dir}/raw',
    'files://app',
    'files://{a}/{b}',
    'files://{name}',
    'files://{eman}',
    'files://{+path}',
    '{scheme}://x',
  ]
  const wanted = [
    'files://docs/{+path}',
    'files://{dir}/raw',
    'files://app',
    'files://{a}/{b}',
    'files://{eman}',
    'files://{name}',
    'files://{+path}',
    '{scheme}://x',
  ]
  for (const order of [sorted, sorted.toReversed(), sorted.toSorted()]) {
    assert.equal(
      order
        .map(compileTemplate)
        .sort(compareTemplates)
        .map(({ text }) => text),
      wanted,
    )
  }
})

test('a template tells what its URIs begin with, and its variables in order', () => {
  const { prefix, variables } = compileTemplate('logs://{service}/{+path}{?tail,level}{#line}')
  assert.equal([prefix, variables], ['logs://', ['service', 'path', 'tail', 'level', 'line']])
  assert.is(compileTemplate('{scheme}://x').prefix, '')
  assert.is(compileTemplate('config://app').prefix, 'config://app')
  assert.is(compileTemplate('x://a?b={b}').prefix, 'x://a')
})

test('a mark that values may contain is warned about', () => {
  assert.equal(compileTemplate('x://{a}/{b}:{c}{/d}{?e}').warnings, [])
  assert.equal(compileTemplate('x://{a}.json').warnings, ['if a value of a in {a} contains ".json", it is cut at the first one'])
  assert.equal(compileTemplate('x://{n}{.e}').warnings, ['if a value of n in {n} contains ".", it is cut at the first one'])
  assert.equal(compileTemplate('x://{+d}/{n}.{e}').warnings, [
    'if a value of e in {e} contains ".", only what follows the last one is taken',
  ])
})

/** Templates of random expressions, most of them refused, and values for all the variables they may have. */
function* randomTemplates(random: Random, count: number): Generator<{ template: string; names: Set<string> }> {
  const marks = ['/', '/', ':', '-', '.', '/x/', 'ab', '@', '']
  for (let made = 0; made < count;) {
    const names = ['a', 'b', 'c', 'd', 'e']
    const parts = Array.from({ length: 1 + random.below(4) }, () => {
      const list = Array.from({ length: 1 + random.below(2) }, () => names.shift()).filter(name => name !== undefined)
      if (list.length === 0) return ''
      const operator = random.pick(['', '', '', '+', '/', '.', ';', '?', '&', '#'])
      const star = (operator === '/' || operator === '?') && random.below(3) === 0 ? '*' : ''
      return `${random.pick(marks)}{${operator}${list.join()}${star}}`
    })
    const template = `x:${parts.join('')}${random.pick(['', '', '/z'])}`
    try {
      compileTemplate(template)
    } catch {
      continue
    }
    made++
    yield { template, names: new Set(compileTemplate(template).variables) }
  }
}

const alphabet = ['a', 'b', 'Z', '0', '-', '.', '_', '~', ':', '@', ',', ';', '=', '&', '!', ' ', 'é', '😀', '"']

function randomValues(random: Random, template: string, names: Iterable<string>): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = {}
  for (const name of names) {
    // Reserved expansion leaves %41 and, with a query or fragment behind it, ? and # as they are: those values do not come back.
    const anywhere = template.includes('{+') || template.includes('{#')
    const here = template.includes(`{+${name}`) || template.includes(`{#${name}`)
    const letters = [...alphabet, '/', ...(here ? [] : ['?', '#']), ...(anywhere ? [] : ['%', '%41'])]
    const text = (): string => random.text(letters, 1, 6)
    values[name] = template.includes(`${name}*}`) ? Array.from({ length: 1 + random.below(3) }, text) : text()
  }
  return values
}

test('row 3: what was expanded is matched again, with the same values', () => {
  const random = new Random(2)
  let exact = 0
  for (const { template, names } of randomTemplates(random, 3000)) {
    const compiled = compileTemplate(template)
    for (let i = 0; i < 5; i++) {
      const values = randomValues(random, template, names)
      const uri = compiled.expand(values)
      const found = compiled.match(uri)
      const context = `${template} ${JSON.stringify(values)} ${uri}`
      if (compiled.warnings.length === 0) {
        exact++
        assert.equal({ ...found }, values, context)
      } else if (found !== undefined) {
        // Cut elsewhere, a reserved character may stand in a value that would encode it: the same URI, spelled differently.
        assert.is(decodeURIComponent(compiled.expand(found)), decodeURIComponent(uri), context)
      }
    }
  }
  assert.ok(exact > 5000)
})

test('S-RES-12: matching never throws, and finds text and lists only', () => {
  const random = new Random(4)
  const pieces = [...alphabet, '/', '/', '?', '#', '%', '%2F', '%zz', 'x:', '/z', '/x/', 'a=', 'b=', '\0', '\ud800']
  for (const { template } of randomTemplates(random, 1000)) {
    const compiled = compileTemplate(template)
    for (let i = 0; i < 20; i++) {
      const found = compiled.match(`x:${random.text(pieces, 0, 14)}`)
      for (const [name, value] of Object.entries(found ?? {})) {
        assert.ok(compiled.variables.includes(name))
        assert.ok([value].flat().every(text => typeof text === 'string'))
      }
    }
  }
})

/** A string that counts the characters that were looked at, the cost of each search taken at its worst. */
class CountingText {
  visits = 0
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  get length(): number {
    return this.#text.length
  }

  charAt(index: number): string {
    this.visits++
    return this.#text.charAt(index)
  }

  charCodeAt(index: number): number {
    this.visits++
    return this.#text.charCodeAt(index)
  }

  startsWith(text: string, at = 0): boolean {
    for (let i = 0; i < text.length; i++) {
      this.visits++
      if (this.#text.charAt(at + i) !== text.charAt(i)) return false
    }
    return true
  }

  indexOf(char: string, from = 0): number {
    const found = this.#text.indexOf(char, from)
    this.visits += (found === -1 ? this.#text.length : found + 1) - from
    return found
  }

  slice(start: number, end: number = this.#text.length): string {
    this.visits += end - start
    return this.#text.slice(start, end)
  }
}

test('T22, row 3: the characters looked at grow no faster than the URI', () => {
  const templates = [
    'x://{a}-{b}-{c}-{d}',
    'x://{a}aab{b}',
    'x://{a}.{b}.{c}.{d}.{e}',
    'x://{+path}/raw',
    'x://{+path}aab',
    'x://{+p}/{a}-{b}-{c}',
    'x:{/path*}',
    'x:{/path*}/aab/{file}',
    'x://{a}{.b,c,d,e}{/f,g,h}',
    'x://{a,b,c,d,e,f}',
    'x://a{;b,c,d}',
    'x://a{?b,c,d}',
    'x://a{?b*}',
    'x://{+a}{?b}{#c}',
  ]
  const fills = ['a', '-', '.', '/', 'aa', 'aab', 'a-', '/a', '/aab', ',', ';b', '&b=', '%41', '?', '#', '=', 'a.', '/raw']
  const visits = (template: string, uri: string): number => {
    const text = new CountingText(uri)
    compileTemplate(template).match(text as unknown as string)
    return text.visits
  }
  for (const template of templates) {
    for (const fill of fills) {
      for (const [head, tail] of [
        ['x://', ''],
        ['x:/', '!'],
        ['x://a;', '/'],
        ['x://a?', '#'],
        ['x://', '/raw'],
      ] as const) {
        const short = visits(template, head + fill.repeat(Math.floor(4000 / fill.length)) + tail)
        const long = visits(template, head + fill.repeat(Math.floor(8000 / fill.length)) + tail)
        const context = `${template} with ${fill}: ${short}, ${long}`
        assert.ok(long <= 2.5 * short + 100, context)
        assert.ok(long <= 6 * 8192, context)
      }
    }
  }
})

test('half a surrogate pair is in no URI: it does not match, and a template that has one is refused', () => {
  for (const half of ['\ud800', '\udc00', 'a\ud83d%20']) {
    for (const template of ['x://{a}', 'x://{+a}', 'x://{?a}', 'x://{/a*}', 'x://{#a}'])
      assert.is(compileTemplate(template).match(expandTemplate(template, { a: 'a' }).replace(/a$/, half)), undefined, template)
    assert.throws(() => compileTemplate(`x://${half}/{a}`), InvalidTemplate.is)
    assert.throws(() => compileTemplate('x://{a}').expand({ a: half }), URIError)
  }
  assert.equal(match('x://{a}', 'x://😀'), { a: '😀' })
})

test('T22: a URI of more than 8192 characters is not looked at', () => {
  const template = compileTemplate('x://{+path}')
  assert.is(template.match(`x://${'a'.repeat(8188)}`)?.['path']?.length, 8188)
  assert.is(template.match(`x://${'a'.repeat(8189)}`), undefined)
  const endless = new CountingText(`x://${'a'.repeat(1_000_000)}`)
  template.match(endless as unknown as string)
  assert.ok(endless.visits <= 4)
})

test.run()
