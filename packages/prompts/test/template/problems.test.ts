/** Every problem of a template, found when it is loaded, with its place. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Type } from 'typebox'
import type { TemplateDefinition, TemplateProblem } from '../../src/template/definition.ts'
import { PROBLEMS } from '../../src/template/problem.ts'
import { TemplateSet } from '../../src/template/set.ts'

const problems = suite('problems of templates')

const said = ({ severity, code, file, template, line, column, message }: TemplateProblem): string =>
  `${severity === 'error' ? '' : 'warning '}${code} ${file ?? template}:${line}:${column} ${message}`

function check(...definitions: readonly TemplateDefinition[]): readonly string[] {
  const set = new TemplateSet({ limits: { templateChars: 5_000, depth: 4 } })
  set.put(definitions)
  return set.check().map(said)
}

const seen = new Set<string>()

/** One template, or several, and the problems that are found. */
function row(name: string, given: string | readonly TemplateDefinition[], ...expected: readonly string[]): void {
  for (const problem of expected) seen.add(/^(?:warning )?(\S+)/.exec(problem)?.[1] as string)
  problems(name, () => assert.equal(check(...(typeof given === 'string' ? [{ id: 'x', text: given }] : given)), expected))
}

row(
  'constants that a built-in helper refuses are found in the words that it uses when it runs',
  '{{truncate a "x"}}{{truncateTokens a 1.5}}{{#budget -1}}{{/budget}}\n' +
    '{{#indent "x"}}{{/indent}}{{indent a "x"}}{{first a "x"}}{{last a (length b)}}\n' +
    '{{number "x" digits="y" style="z" locale="!"}}{{currency 1 "x"}}{{add 1 "x"}}{{json a indent="x"}}\n' +
    '{{date "soon"}}{{date a "long" timeZone="Mars" locale="!"}}{{range 1 "x" 0}}{{list a style="x"}}{{plural "x" "file"}}',
  'helper-use x:1:14 Value 2 of {{truncate}}: The length must be a whole number from 0 up',
  'helper-use x:1:38 Value 2 of {{truncateTokens}}: The number of tokens must be a whole number from 0 up',
  'helper-use x:1:53 Value 1 of {{budget}}: The number of tokens must be a whole number from 0 up',
  'helper-use x:2:11 Value 1 of {{indent}}: The indentation must be a whole number from 0 up',
  'helper-use x:2:38 Value 2 of {{indent}}: The indentation must be a whole number from 0 up',
  'helper-use x:2:53 Value 2 of {{first}}: The number of members must be a whole number from 0 up',
  'helper-use x:3:10 Value 1 of {{number}}: A number is wanted here',
  'helper-use x:3:21 digits= of {{number}}: The number of digits must be a whole number from 0 up',
  "helper-use x:3:31 style= of {{number}}: The style of a number is 'decimal', 'percent' or 'compact'",
  'helper-use x:3:42 locale= of {{number}}: Incorrect locale information provided',
  'helper-use x:3:60 Value 2 of {{currency}}: Invalid currency code : x',
  'helper-use x:3:73 Value 2 of {{add}}: A number is wanted here',
  'helper-use x:3:94 indent= of {{json}}: The indentation must be a whole number from 0 up',
  'helper-use x:4:8 Value 1 of {{date}}: A date is wanted here: ISO 8601 text, a number of milliseconds, or a Date',
  'helper-use x:4:41 timeZone= of {{date}}: Invalid time zone specified: Mars',
  'helper-use x:4:55 locale= of {{date}}: Incorrect locale information provided',
  'helper-use x:4:70 Value 2 of {{range}}: A range is from one whole number to another, in steps that are not 0',
  'helper-use x:4:74 Value 3 of {{range}}: A range is from one whole number to another, in steps that are not 0',
  "helper-use x:4:92 style= of {{list}}: The style of a list is 'bullets' or 'numbered'",
  'helper-use x:4:106 Value 1 of {{plural}}: A number is wanted here',
)

row(
  'constants of content blocks are looked at, too',
  '{{image "../secret.png"}}{{image "a.png" mimeType="audio/mpeg" audience="me" priority=2}}{{link "guide"}}\n' +
    '{{#resource uri="x" mimeType="text"}}{{/resource}}{{resource "https://x/y"}}',
  'helper-use x:1:9 Value 1 of {{image}}: A file is named by a path below the folder of files; this name is not one (traversal)',
  'helper-use x:1:51 mimeType= of {{image}}: This is no image: its MIME type is audio/mpeg',
  "helper-use x:1:73 audience= of {{image}}: audience= is 'user', 'assistant' or both",
  'helper-use x:1:87 priority= of {{image}}: priority= is a number from 0 to 1',
  'helper-use x:1:97 Value 1 of {{link}}: This is no absolute URI',
  'helper-use x:2:17 uri= of {{resource}}: This is no absolute URI',
  'helper-use x:2:30 mimeType= of {{resource}}: This is no MIME type',
  'helper-use x:2:62 Value 1 of {{resource}}: A file is named by a path below the folder of files; this name is not one (a URI)',
)

row(
  'a sound template has none',
  '{{truncate t "9"}}{{number 1 digits=2 style="percent" locale="de"}}{{date "2026-01-01" "long" timeZone="UTC"}}{{json j indent=null}}{{list l style=undefined}}{{#indent 2}}{{/indent}}{{image "a.png" mimeType="image/png" priority=1}}{{range 1 "3" -1}}Hello {{name}}, {{#if a}}{{b}}{{else if c}}d{{else}}{{upper (trim e)}}{{/if}}{{! words }}',
)

row(
  'syntax: a block that is not closed is told where it opens',
  'a\n  {{#if b}}\n{{#each c}}{{/each}}',
  'syntax x:2:3 {{#if}} is never closed. Write {{/if}}',
)
row('syntax: a block closed by another', 'a\n{{#if b}}{{/each}}', "syntax x:2:4 if doesn't match each")
row('syntax: a closing tag too many', 'a{{/if}}', 'syntax x:1:1 This closes a block that is not open')
row('syntax: an expression that ends too early', '{{#if}}x', 'syntax x:1:1 {{#if}} is never closed. Write {{/if}}')
row('syntax: a stray character', 'a {{name!}} b', 'syntax x:1:1 There is a character that cannot stand here')

row(
  'unknown helpers are told with the nearest name',
  '{{uper name}} {{#eech list}}{{/eech}} {{#section}}{{/section}}',
  "unknown-helper x:1:1 There is no helper for {{uper …}}. Did you mean 'upper'?",
  "unknown-helper x:1:15 There is no helper for {{#eech}}. Did you mean 'each'? For a value write {{#if eech}}, {{#each eech}} or {{#with eech}}.",
  'unknown-helper x:1:39 There is no helper for {{#section}}. For a value write {{#if section}}, {{#each section}} or {{#with section}}.',
)
row(
  'wrong uses of helpers',
  '{{now a}} {{upper a b}} {{#upper a}}{{/upper}} {{if a}} {{user}} {{truncate a 3 elipsis=1}} {{#block x}}{{/block}} {{#with a b=1}}{{/with}}',
  "helper-use x:1:1 'now' takes no value, not 1",
  "helper-use x:1:11 'upper' takes 1 value, not 2",
  "helper-use x:1:25 'upper' is no block: {{upper …}}",
  "helper-use x:1:48 'if' is a block: {{#if}} … {{/if}}",
  "helper-use x:1:66 'truncate' takes no elipsis=… Did you mean 'ellipsis'?",
  'helper-use x:1:93 A block is named by a text of letters, digits, _ - . and /: {{#block "intro"}}',
  "helper-use x:1:116 'with' takes no b=…",
)
row(
  'names that lead out of the values',
  '{{constructor}} {{a.__proto__.b}} {{upper this.constructor}} {{@root.prototype}} {{@partial-block}} {{@level}} {{* inline}}',
  "forbidden-name x:1:3 'constructor' leads out of the values and is never found",
  "forbidden-name x:1:19 '__proto__' leads out of the values and is never found",
  "forbidden-name x:1:43 'constructor' leads out of the values and is never found",
  "forbidden-name x:1:64 'prototype' leads out of the values and is never found",
  'forbidden-name x:1:84 There is no @partial-block. There are @root, @index, @key, @first, @last',
  'forbidden-name x:1:103 There is no @level. There are @root, @index, @key, @first, @last',
  'forbidden-name x:1:112 There are no decorators and no inline partials. Make it a template of its own',
)
row(
  'partials are named, and take no block',
  '{{> (lookup . "x")}} {{> @partial-block}} {{#> x}}{{/x}}',
  'dynamic-partial x:1:1 The name of a partial is written out: {{> header}}. Choose between several with {{#if}}',
  'dynamic-partial x:1:22 {{> @partial-block}} includes no template: a partial takes no block',
  'dynamic-partial x:1:43 A partial takes no block. Make it a layout: let this template extend it and override its blocks',
)
row(
  'a partial that is not there',
  [
    { id: 'a', text: '\n{{> haeder}}' },
    { id: 'header', text: '', fragment: true },
  ],
  "unknown-partial a:2:1 There is no template 'haeder' to include. Did you mean 'header'?",
)

const File = Type.Object({ path: Type.String(), lines: Type.Optional(Type.Integer()) })
const Args = Type.Object({ language: Type.String(), files: Type.Array(File), now: Type.String() })

row(
  'names that are no arguments are told in every scope',
  [
    {
      id: 'x',
      file: 'x.md',
      line: 10,
      args: Args,
      text: [
        '{{langage}} {{language.size}} {{language.length}} {{../language}} {{now}} {{this.now}} {{files.0.path}} {{files.[0].pat}}',
        '{{#each files}}{{path}} {{pth}} {{language}} {{../language}} {{../nope}} {{@root.language}} {{@index}}{{/each}}',
        '{{#each files as |f i|}}{{f.path}} {{f.pat}} {{i}} {{#with f}}{{path}} {{nope}}{{/with}}{{/each}}',
        '{{#with files.[0]}}{{upper nope}}{{/with}}{{#each language}}{{x}}{{/each}}',
      ].join('\n'),
    },
  ],
  "undeclared-argument x.md:10:3 'langage' is no argument of 'x'. Did you mean 'language'?",
  "undeclared-argument x.md:10:15 'language' has no 'size'.",
  'undeclared-argument x.md:10:53 ../language leads out of the template',
  'helper-use x.md:10:67 {{now}} is a helper, and an argument too. For the argument write {{this.now}}',
  "undeclared-argument x.md:10:107 'files' has no 'pat'. Did you mean 'path'?",
  "undeclared-argument x.md:11:27 There is no 'pth' in the value of this block. Did you mean 'path'?",
  "undeclared-argument x.md:11:35 There is no 'language' in the value of this block. The argument is {{@root.language}} here.",
  "undeclared-argument x.md:11:64 'nope' is no argument of 'x'.",
  "undeclared-argument x.md:12:38 'f' has no 'pat'. Did you mean 'path'?",
  "undeclared-argument x.md:12:74 There is no 'nope' in the value of this block.",
  "undeclared-argument x.md:13:28 There is no 'nope' in the value of this block.",
)
row(
  'an argument that is never used, by the template, its parents or its partials, is a warning',
  [
    { id: 'x', text: '{{> p d="e"}}{{a}}', args: Type.Object({ a: Type.String(), b: Type.String(), c: Type.String(), d: Type.String() }) },
    { id: 'p', text: '{{#if c}}{{d}}{{/if}}', fragment: true },
  ],
  "warning unused-argument x:1:1 The argument 'b' is never used",
  "warning unused-argument x:1:1 The argument 'd' is never used",
)
row('a template that shows all its values uses all its arguments', [{ id: 'x', text: '{{json this}}', args: Args }])
row('further names may be known at render', [
  { id: 'x', text: '{{a}} {{b}}', args: Type.Object({ a: Type.String() }), extra: ['b'] },
  { id: 'y', text: '{{c}} {{d}}', args: Type.Object({ a: Type.String() }), extra: ['*'] },
  { id: 'z', text: '{{c}}' },
])
row(
  'a partial is checked for each template that includes it, where it is written',
  [
    { id: 'a', text: '{{> p x=1}}{{> p}}', args: Type.Object({ y: Type.String() }) },
    { id: 'p', file: 'p.md', line: 3, text: '\n {{x}}{{y}}', fragment: true },
  ],
  "undeclared-argument p.md:4:4 'x' is no argument of 'a'.",
)
row(
  'templates that include themselves',
  [
    { id: 'a', text: 'x\n{{> b}}' },
    { id: 'b', text: '{{#if c}}{{> c}}{{/if}}' },
    { id: 'c', text: '{{> a}}' },
    { id: 'd', text: '{{> a}}' },
    { id: 'e', text: '{{> e}}' },
  ],
  'partial-cycle a:2:1 It includes itself: a → b → c → a',
  'partial-cycle b:1:10 It includes itself: b → c → a → b',
  'partial-cycle c:1:1 It includes itself: c → a → b → c',
  'partial-cycle e:1:1 It includes itself: e → e',
)
row(
  'parents that are missing, or their own children',
  [
    { id: 'a', text: '', extends: 'lyout' },
    { id: 'layout', text: '' },
    { id: 'b', text: '', extends: 'c', file: 'b.md', line: 4 },
    { id: 'c', text: '', extends: 'b' },
    { id: 'd', text: '', extends: 'd' },
    { id: 'e', text: '', extends: 'c' },
  ],
  "missing-parent a:1:1 It extends 'lyout', and there is no such template. Did you mean 'layout'?",
  "inheritance-cycle b.md:4:1 It extends itself, through 'c'",
  "inheritance-cycle c:1:1 It extends itself, through 'b'",
  "inheritance-cycle d:1:1 It extends itself, through 'd'",
  "inheritance-cycle e:1:1 It extends itself, through 'c'",
)
row(
  'blocks that override none, twins, and text outside of blocks',
  [
    { id: 'layout', text: '{{#block "title"}}{{#block "inner"}}{{/block}}{{/block}}{{#block "title"}}{{/block}}', fragment: true },
    {
      id: 'a',
      extends: 'layout',
      text: '\n{{! fine }}{{#block "titel"}}{{/block}}\nlost{{super}}\n{{#block "inner"}}{{super}}{{> @super}}{{/block}}',
    },
    { id: 'b', text: '{{super}}' },
  ],
  'duplicate-block layout:1:57 There is another block "title" in this template',
  'outside-block a:2:40 Put this into a {{#block "…"}} of \'layout\': outside of one it appears nowhere',
  'outside-block a:3:5 Put this into a {{#block "…"}} of \'layout\': outside of one it appears nowhere',
  'misplaced-super a:3:5 {{super}} stands outside of a {{#block}}. For a value of that name write {{this.super}}',
  "unknown-block a:2:12 'layout' has no block \"titel\". Did you mean 'title'?",
  'misplaced-super b:1:1 {{super}} stands in a template that extends none. For a value of that name write {{this.super}}',
)
row(
  'messages within messages and within text, also through partials',
  [
    {
      id: 'x',
      text: '{{#user}}{{#if a}}{{#assistant}}b{{/assistant}}{{/if}}{{> p}}{{/user}}{{#budget 9}}{{> p}}{{image "c.png"}}{{/budget}}{{upper (image "d")}}',
    },
    { id: 'p', text: '{{#system}}p{{/system}}', fragment: true },
  ],
  "nested-message x:1:127 'image' puts out a content block, and is no value of another helper",
  'nested-message x:1:19 {{#assistant}} stands within {{#user}}: a message cannot hold another',
  'nested-message p:1:1 {{#system}} stands within {{#user}}: a message cannot hold another',
  'nested-message p:1:1 {{#system}} stands within {{#budget}}, which takes text only',
  'nested-message x:1:91 {{image}} puts out a content block, and {{#budget}} takes text only',
)
row(
  'too large, too deep, and ids that nobody can have',
  [
    { id: 'large', text: 'x'.repeat(5_001) },
    { id: '0', text: '' },
    ...[1, 2, 3, 4, 5].map(level => ({ id: `${level}`, text: '', extends: `${level - 1}` })),
    ...[1, 2, 3, 4, 5, 6].map(level => ({ id: `p${level}`, text: level === 6 ? '' : `{{> p${level + 1}}}` })),
    { id: '__proto__', text: '' },
    { id: 'a/constructor', text: '' },
    { id: '@root', text: '' },
    { id: 'a\nb', text: '' },
    { id: '', text: '' },
  ],
  'too-large large:1:1 The template has 5001 characters; at most 5000 are allowed (limits.templateChars)',
  'too-deep 5:1:1 It has more than 4 parents (limits.depth)',
  'too-deep p5:1:1 More than 4 partials within each other (limits.depth)',
  "forbidden-name __proto__:1:1 '__proto__' cannot be the id of a template",
  "forbidden-name a/constructor:1:1 'a/constructor' cannot be the id of a template",
  "forbidden-name @root:1:1 '@root' cannot be the id of a template",
  "forbidden-name a\nb:1:1 'a\nb' cannot be the id of a template",
  "forbidden-name :1:1 '' cannot be the id of a template",
)

row(
  'a mistake of a parent is told once, where it is',
  [
    { id: 'parent', text: '{{#block "x"}}{{/block}}\n{{nope a}}', fragment: true },
    { id: 'child', text: '{{#block "x"}}y{{/block}}', extends: 'parent' },
  ],
  'unknown-helper parent:2:1 There is no helper for {{nope …}}.',
)

problems('row 23: generations that double the text of their parents are a problem, not a large text', () => {
  const generations = Array.from({ length: 30 }, (_, level) => ({
    id: `${level}`,
    text: level === 0 ? '{{#block "x"}}0123456789{{/block}}' : '{{#block "x"}}{{super}}{{super}}{{/block}}',
    ...(level === 0 ? {} : { extends: `${level - 1}` }),
  }))
  const set = new TemplateSet({ limits: { templateChars: 20_000 } })
  set.put(generations)
  assert.equal(
    set.check().map(({ code, severity }) => [code, severity]),
    [['too-large', 'error']],
  )
  set.put([{ id: '1', text: `{{#block "x"}}${'{{super}}'.repeat(2_000)}{{/block}}`, extends: '0' }])
  assert.equal(
    set.checkOne('1').map(({ code }) => code),
    ['too-large'],
  )
  assert.throws(() => set.render('29', {}), /With its parents the template has more than 20000 characters/)
})

problems('nesting that the parser cannot follow, or follows slowly, is a problem at once', () => {
  const set = new TemplateSet()
  const deep = 20_000
  set.put([
    { id: 'values', text: `{{upper ${'(a '.repeat(deep)}1${')'.repeat(deep)}}}` },
    { id: 'blocks', text: '{{#if a}}'.repeat(deep) },
    { id: 'inverse', text: '{{^if a}}'.repeat(deep) },
    { id: 'branches', text: `{{#if a}}${'{{else if b}}'.repeat(deep / 2)}{{/if}}` },
    { id: 'texts', text: '('.repeat(deep) },
    { id: 'rows', text: '{{#if a}}({{/if}}{{upper (trim b)}}'.repeat(500) },
  ])
  const start = performance.now()
  assert.equal(
    set.check().map(({ code, template }) => [code, template]),
    ['values', 'blocks', 'inverse', 'branches'].map(id => ['too-deep', id]),
  )
  assert.ok(performance.now() - start < 10_000)
})

problems('every problem of the table is found here', () => {
  assert.equal(
    Object.keys(PROBLEMS).filter(code => !seen.has(code)),
    [],
  )
})

problems('a template with an error is not rendered, nor is one that includes or extends it; warnings do not matter', () => {
  const set = new TemplateSet()
  set.put([
    { id: 'broken', text: '\n{{#if}}', file: 'broken.md' },
    { id: 'includes', text: '{{> broken}}' },
    { id: 'extends', text: '', extends: 'broken' },
    { id: 'warned', text: 'fine', args: Type.Object({ a: Type.String() }) },
  ])
  for (const id of ['broken', 'includes', 'extends']) {
    assert.throws(() => set.render(id, {}), new RegExp(`'${id}' cannot be rendered. broken.md:2:1: {{#if}} is never closed`))
  }
  assert.is(set.render('warned', {}).length, 1)
})

problems.run()
