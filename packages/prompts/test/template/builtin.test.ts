/** The built-in helpers, by what they put out. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { TemplateSet } from '../../src/template/set.ts'
import { textOf } from './stage.ts'

const helpers = suite('built-in helpers')

const MOMENT = Date.UTC(2026, 10, 5, 23, 4, 9)

const values = {
  name: 'ada lovelace',
  empty: '',
  none: null,
  list: ['b', 'a', 'c', 'a'],
  numbers: [10, 9, 100],
  people: [
    { name: 'Bo', age: 9 },
    { name: 'Al', age: 10 },
  ],
  object: { a: 1, b: [true, null] },
  three: '3',
  count: 1234.5,
  when: new Date(MOMENT),
  code: 'a ``` b\nc',
  lines: 'one\n\ntwo',
  set: new Set(['x', 'y']),
  map: new Map([['k', 'v']]),
}

const seen = new Set<string>()

function row(text: string, expected: string, options: object = {}): void {
  for (const [, name] of text.matchAll(/[{(]#?\s*([a-zA-Z]+)/g)) seen.add(name as string)
  helpers(`${text.slice(0, 90)} → ${expected.slice(0, 40)}`, () => {
    assert.is(textOf(text, values, { clock: { now: () => MOMENT }, ...options }), expected)
  })
}

// Flow.
row('{{#if list}}a{{else}}b{{/if}}{{#if empty}}c{{else if three}}d{{/if}}{{#if 0}}e{{/if}}{{#if 0 includeZero=true}}f{{/if}}', 'adf')
row('{{#unless none}}a{{else}}b{{/unless}}{{^if empty}}c{{/if}}', 'ac')
row('{{#each list}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', '0b,1a,2c,3a')
row('{{#each object}}{{@key}}={{json this}};{{/each}}{{#each none}}x{{else}}nothing{{/each}}', 'a=1;b=[true,null];nothing')
row(
  '{{#each people as |p i|}}{{i}}{{p.name}}{{#each @root.numbers}}{{@../index}}{{this}} {{/each}}{{/each}}',
  '0Bo010 09 0100 1Al110 19 1100',
)
row('{{#each people}}{{#if @first}}{{name}} of {{../name}}{{/if}}{{/each}}{{#each set}}{{this}}{{/each}}', 'Bo of ada lovelacexy')
row('{{#with people.[0]}}{{name}}{{/with}}{{#with none}}x{{else}}-{{/with}}{{#with object as |o|}}{{o.a}}{{/with}}', 'Bo-1')

// Logic.
row('{{eq three 3}} {{eq three "4"}} {{eq none nothing}} {{ne list list}}', 'true false true false')
row('{{lt 2 three}} {{lte 3 three}} {{gt three 10}} {{gte "b" "a"}} {{lt none 1}} {{gt when 0}}', 'true true false true false true')
row('{{and name three}} {{and name empty}}| {{or empty none "x"}} {{not empty}} {{#if (and name (not none))}}y{{/if}}', '3 | x true y')
row('{{default empty "d"}} {{default name "d"}} {{default 0 "d"}}', 'd ada lovelace 0')

// Words.
row('{{upper name}} {{lower "ÄB"}} {{capitalize name}} {{trim "  x "}}|', 'ADA LOVELACE äb Ada lovelace x|')
row('{{concat "file:///" object.a "/" none list}} {{concat three}} {{#if (concat empty none)}}x{{/if}}|', 'file:///1/b, a, c, a 3 |')
row(
  '{{truncate name 5}}|{{truncate name 50}}|{{truncate name 5 ellipsis="..."}}|{{truncate name 0}}|{{truncate "😀😀" 3}}',
  'ada…|ada lovelace|ad...||😀…',
)
row('{{truncateTokens "one two three four five six" 3}}|{{truncateTokens name 99}}|{{truncateTokens name 0}}', 'one two…|ada lovelace|')
row('{{#budget 4}}{{name}} and {{list}} and so on{{/budget}}', 'ada lovelace…')
row('{{#budget 5 ellipsis=" [cut]"}}a b c d e f{{/budget}}', 'a b [cut]', { tokens: (text: string) => text.split(/[ ]+/).length + 2 })
row('{{indent lines 2}}|{{#indent 1}}a\nb{{/indent}}', '  one\n\n  two| a\n b')
row('{{quote lines}}\n{{#quote}}x{{/quote}}', '> one\n>\n> two\n> x')
row('{{codeblock code "ts"}}\n{{#codeblock}}plain\n{{/codeblock}}', '````ts\na ``` b\nc\n````\n```\nplain\n```')
row('{{codeblock "x" "ts\n```"}}', '```ts\nx\n```')

// Lists.
row('{{join list}} {{join list "-"}} {{join "one"}} {{join none}}|', 'b, a, c, a b-a-c-a one |')
row('{{first list}} {{last list}} {{join (first list 2)}} {{join (last list 9)}} {{first none}}|', 'b a b, a b, a, c, a |')
row('{{length list}} {{length "abc"}} {{length object}} {{length none}} {{length map}}', '4 3 2 0 1')
row(
  '{{sort list}} {{sort numbers descending=true}} {{#each (sort people "name")}}{{name}}{{/each}} {{unique list}}',
  'a, a, b, c 100, 10, 9 AlBo b, a, c',
)
row('{{range 1 3}} {{range 3 1}}|{{range 3 1 -1}} {{range 0 three}}', '1, 2, 3 |3, 2, 1 0, 1, 2, 3')
row('{{list lines}}\n{{list list style="numbered"}}', '- one\n  \n  two\n1. b\n2. a\n3. c\n4. a')
row('{{includes list "a"}} {{includes "abc" "b"}} {{includes object "a"}} {{includes object "toString"}}', 'true true true false')
row('{{lookup object "a"}} {{lookup list 1}} {{lookup people.[0] "name"}} {{lookup object "z"}}|', '1 a Bo |')

// Numbers and JSON.
row(
  '{{number count}} {{number count digits=2}} {{number 0.5 style="percent"}} {{number 12000 style="compact"}} {{number count locale="de-DE"}}',
  '1,234.5 1,234.50 50% 12K 1.234,5',
)
row('{{currency count "EUR"}} {{currency 3 "JPY"}}', '€1,234.50 ¥3')
row('{{plural 1 "file" "files"}} {{plural three "file" "files"}} {{plural 2 one="a" other="b"}}', 'file files b')
row('{{plural 3 one="plik" few="pliki" many="plików" other="pliku"}}', 'pliki', { locale: 'pl-PL' })
row('{{add @index 1}}{{#each list}}{{add @index 1}}{{subtract 5 @index}} {{/each}}'.slice(16), '15 24 33 42')
row(
  '{{json object}} {{json object indent=2}} {{json none}}',
  '{"a":1,"b":[true,null]} {\n  "a": 1,\n  "b": [\n    true,\n    null\n  ]\n} null',
)

// Dates.
row(
  '{{now}} {{date (now)}} {{date when "time"}} {{date when "datetime"}} {{date when "iso"}}',
  '2026-11-05T23:04:09.000Z 2026-11-05 23:04 2026-11-05 23:04 2026-11-05T23:04:09.000Z',
)
row(
  '{{date when "long"}}; {{date when "short" locale="de-DE"}}; {{date when "full" timeZone="Asia/Tokyo"}}',
  'November 5, 2026; 05.11.26; Friday, November 6, 2026',
)
row(
  "{{date when \"EEEE, d. MMMM yyyy 'at' H:mm:ss\"}} {{date when 'EEE MMM M dd yy HH'}}",
  'Thursday, 5. November 2026 at 23:04:09 Thu Nov 11 05 26 23',
)
row('{{date "2026-11-05" "long"}} {{date when}}', 'November 5, 2026 2026-11-06', { timeZone: 'Pacific/Auckland' })

// Values by themselves.
row(
  '{{list}} {{numbers}} {{object}} {{none}}|{{three}} {{when}} {{this.nothing}}'.replace(' {{this.nothing}}', ''),
  'b, a, c, a 10, 9, 100 {"a":1,"b":[true,null]} |3 2026-11-05T23:04:09.000Z',
)
row('{{{name}}} {{&name}} <b> &amp; \\{{name}}', 'ada lovelace ada lovelace <b> &amp; {{name}}')

const failures: readonly (readonly [text: string, message: RegExp])[] = [
  ['\n {{truncate name name}}', /^x:2:2: The length must be a whole number from 0 up$/],
  ['{{date name}}', /A date is wanted here/],
  ['{{date when "long" timeZone=name}}', /ada lovelace/],
  ['{{number name}}', /A number is wanted here/],
  ['{{number 1 style=name}}', /The style of a number/],
  ['{{currency 1 name}}', /Invalid currency code/],
  ['{{range 1 2 (subtract 1 1)}}', /in steps that are not 0/],
  ['{{list list style=name}}', /The style of a list/],
  ['{{json loop}}', /cannot be written as JSON/],
]
for (const [text, message] of failures) {
  helpers(`fails with its place: ${text.trim()}`, () => {
    const loop: { self?: unknown } = {}
    loop.self = loop
    assert.throws(() => textOf(text, { ...values, loop }), message)
  })
}

helpers('every built-in helper is used here or with messages', () => {
  const elsewhere = new Set(['system', 'user', 'assistant', 'image', 'audio', 'resource', 'link', 'block'])
  assert.equal(
    new TemplateSet().helpers().filter(name => !seen.has(name) && !elsewhere.has(name)),
    [],
  )
})

helpers.run()
