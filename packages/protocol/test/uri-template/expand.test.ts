/** Expansion: the examples of RFC 6570, and a foreign implementation as oracle. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { parseTemplate as oracle } from 'url-template'
import { expandTemplate } from '../../src/uri-template.ts'
import type { TemplateValues } from '../../src/uri-template/expand.ts'
import { Random } from '../random.ts'

const test = suite('uri template: expansion')

/** The values of RFC 6570, sections 1.2 and 3.2. */
const values: TemplateValues = {
  count: ['one', 'two', 'three'],
  dom: ['example', 'com'],
  dub: 'me/too',
  hello: 'Hello World!',
  half: '50%',
  var: 'value',
  who: 'fred',
  base: 'http://example.com/home/',
  path: '/foo/bar',
  list: ['red', 'green', 'blue'],
  keys: { semi: ';', dot: '.', comma: ',' },
  v: '6',
  x: '1024',
  y: '768',
  empty: '',
  empty_keys: {},
  undef: null,
}

const examples = (level: string, rows: Readonly<Record<string, string>>): void => {
  test(`RFC 6570: the examples of ${level}`, () => {
    for (const [template, uri] of Object.entries(rows)) assert.is(expandTemplate(template, values), uri, template)
  })
}

examples('level 1', { '{var}': 'value', '{hello}': 'Hello%20World%21' })

examples('level 2', {
  '{+var}': 'value',
  '{+hello}': 'Hello%20World!',
  '{+path}/here': '/foo/bar/here',
  'here?ref={+path}': 'here?ref=/foo/bar',
  'X{#var}': 'X#value',
  'X{#hello}': 'X#Hello%20World!',
})

examples('level 3', {
  'map?{x,y}': 'map?1024,768',
  '{x,hello,y}': '1024,Hello%20World%21,768',
  '{+x,hello,y}': '1024,Hello%20World!,768',
  '{+path,x}/here': '/foo/bar,1024/here',
  '{#x,hello,y}': '#1024,Hello%20World!,768',
  '{#path,x}/here': '#/foo/bar,1024/here',
  'X{.var}': 'X.value',
  'X{.x,y}': 'X.1024.768',
  '{/var}': '/value',
  '{/var,x}/here': '/value/1024/here',
  '{;x,y}': ';x=1024;y=768',
  '{;x,y,empty}': ';x=1024;y=768;empty',
  '{?x,y}': '?x=1024&y=768',
  '{?x,y,empty}': '?x=1024&y=768&empty=',
  '?fixed=yes{&x}': '?fixed=yes&x=1024',
  '{&x,y,empty}': '&x=1024&y=768&empty=',
})

examples('section 3.2.2, simple strings', {
  '{half}': '50%25',
  'O{empty}X': 'OX',
  'O{undef}X': 'OX',
  '{x,y}': '1024,768',
  '?{x,empty}': '?1024,',
  '?{x,undef}': '?1024',
  '?{undef,y}': '?768',
})

examples('section 3.2.3, reserved strings', {
  '{+half}': '50%25',
  '{base}index': 'http%3A%2F%2Fexample.com%2Fhome%2Findex',
  '{+base}index': 'http://example.com/home/index',
  'O{+empty}X': 'OX',
  'O{+undef}X': 'OX',
  'up{+path}{var}/here': 'up/foo/barvalue/here',
})

examples('sections 3.2.4 to 3.2.9', {
  'foo{#empty}': 'foo#',
  'foo{#undef}': 'foo',
  '{.who}': '.fred',
  '{.who,who}': '.fred.fred',
  '{.half,who}': '.50%25.fred',
  'X{.empty}': 'X.',
  'X{.undef}': 'X',
  '{/who}': '/fred',
  '{/half,who}': '/50%25/fred',
  '{/who,dub}': '/fred/me%2Ftoo',
  '{/var,empty}': '/value/',
  '{/var,undef}': '/value',
  '{;who}': ';who=fred',
  '{;half}': ';half=50%25',
  '{;empty}': ';empty',
  '{;v,empty,who}': ';v=6;empty;who=fred',
  '{;v,bar,who}': ';v=6;who=fred',
  '{;x,y,undef}': ';x=1024;y=768',
  '{?who}': '?who=fred',
  '{?half}': '?half=50%25',
  '{?x,y,undef}': '?x=1024&y=768',
  '{&who}': '&who=fred',
  '{&x,y,undef}': '&x=1024&y=768',
})

examples('level 4', {
  '{var:3}': 'val',
  '{var:30}': 'value',
  '{list}': 'red,green,blue',
  '{list*}': 'red,green,blue',
  '{keys}': 'semi,%3B,dot,.,comma,%2C',
  '{keys*}': 'semi=%3B,dot=.,comma=%2C',
  '{+path:6}/here': '/foo/b/here',
  '{+keys*}': 'semi=;,dot=.,comma=,',
  'X{.list*}': 'X.red.green.blue',
  'X{.empty_keys}': 'X',
  'X{.empty_keys*}': 'X',
  '{/var:1,var}': '/v/value',
  '{/list*,path:4}': '/red/green/blue/%2Ffoo',
  '{/keys*}': '/semi=%3B/dot=./comma=%2C',
  '{;hello:5}': ';hello=Hello',
  '{;list}': ';list=red,green,blue',
  '{;list*}': ';list=red;list=green;list=blue',
  '{;keys*}': ';semi=%3B;dot=.;comma=%2C',
  '{?list}': '?list=red,green,blue',
  '{?list*}': '?list=red&list=green&list=blue',
  '{?keys}': '?keys=semi,%3B,dot,.,comma,%2C',
  '{?keys*}': '?semi=%3B&dot=.&comma=%2C',
  '{&var:3}': '&var=val',
  '{#list*}': '#red,green,blue',
  '{#keys*}': '#semi=;,dot=.,comma=,',
})

test('what is already percent-encoded stays in literals and reserved expansion, and only there', () => {
  assert.is(expandTemplate('é%20%/{+a}/{a}', { a: '%41%é[]' }), '%C3%A9%20%25/%41%25%C3%A9[]/%2541%25%C3%A9%5B%5D')
})

test('a prefix counts characters, not halves of them', () => {
  assert.is(expandTemplate('{a:1}', { a: '😀😀' }), '%F0%9F%98%80')
})

test('an empty list or no pairs are as good as no value (section 2.3)', () => {
  assert.is(expandTemplate('x{a}{?a}{/b*}{;c,b}', { a: [], b: {}, c: [null] }), 'x')
})

test('numbers and booleans are written as text', () => {
  assert.is(expandTemplate('{a}/{b}/{c}', { a: 0, b: false, c: 1.5 }), '0/false/1.5')
})

test('row 15: only own properties are values', () => {
  assert.is(expandTemplate('x{constructor}{toString}{__proto__}', {}), 'x')
  assert.is(expandTemplate('x{__proto__}', JSON.parse('{"__proto__":"y"}') as TemplateValues), 'xy')
})

test('it expands like the package url-template', () => {
  const random = new Random(1)
  // No digit and no letter up to F on its own: behind a lone % the oracle takes it for half of an encoded character.
  const alphabet = [
    'x',
    'Z',
    '-',
    '.',
    '/',
    '?',
    '#',
    '&',
    '=',
    ',',
    ';',
    ':',
    '%',
    '%41',
    ' ',
    'é',
    '世',
    '😀',
    '!',
    "'",
    '(',
    '*',
    '[',
    ']',
    '"',
  ]
  const text = (): string => random.text(alphabet, 0, 6)
  // Never empty: RFC 6570 (section 2.3) calls an empty list undefined, the oracle does not.
  const value = (): TemplateValues[string] => {
    const kind = random.below(6)
    if (kind === 0) return Array.from({ length: 1 + random.below(3) }, () => random.text(alphabet, 1, 4))
    if (kind === 1) return Object.fromEntries(Array.from({ length: 1 + random.below(3) }, (_, i) => [`k${i}`, random.text(alphabet, 1, 4)]))
    return kind === 2 ? random.below(1000) : kind === 3 ? null : text()
  }
  for (let i = 0; i < 20_000; i++) {
    const template = Array.from({ length: 1 + random.below(3) }, () => {
      const names = Array.from({ length: 1 + random.below(3) }, () => `${random.pick(['a', 'b', 'c'])}${random.pick(['', '', '*'])}`)
      return `${random.text(['/', 'x', '?', 'é', '%20', '.'], 0, 2)}{${random.pick(['', '+', '#', '.', '/', ';', '?', '&'])}${names.join()}}`
    }).join('')
    const values = { a: value(), b: value(), c: value() }
    assert.is(expandTemplate(template, values), oracle(template).expand(values as never), `${template} ${JSON.stringify(values)}`)
  }
})

test.run()
