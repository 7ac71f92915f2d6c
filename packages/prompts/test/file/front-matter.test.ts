/** The two parts of a file, and the places of what stands in them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { placeIn, readFrontMatter, splitFile } from '../../src/file/front-matter.ts'

const test = suite('front matter')

test('a file is YAML between two lines of ---, and text behind it', () => {
  assert.equal(splitFile('---\ntitle: A\n---\nHello\n'), { head: 'title: A\n', body: 'Hello', bodyLine: 4 })
  assert.equal(splitFile('---\n---\nHello'), { head: '', body: 'Hello', bodyLine: 3 })
  assert.equal(splitFile('---\ntitle: A\n---'), { head: 'title: A\n', body: '', bodyLine: 4 })
})

test('blank lines around the text are not part of it, and its line is still right', () => {
  assert.equal(splitFile('---\na: 1\nb: 2\n---\n\n \n  Hello\n\nyou\n\n'), { head: 'a: 1\nb: 2\n', body: '  Hello\n\nyou', bodyLine: 7 })
})

test('lines of --- further down are text', () => {
  assert.is(splitFile('---\na: 1\n---\none\n---\ntwo')?.body, 'one\n---\ntwo')
})

test('a file without front matter is text as a whole', () => {
  assert.equal(splitFile('Hello\n---\nyou'), { head: undefined, body: 'Hello\n---\nyou', bodyLine: 1 })
  assert.is(splitFile('----\nno')?.head, undefined)
})

test('front matter that does not end is none', () => {
  assert.is(splitFile('---\ntitle: A\nHello'), undefined)
})

test('a version keeps its spelling: 1.10 is not 1.1', () => {
  assert.equal(readFrontMatter('version: 1.10').value, { version: '1.10' })
  assert.equal(readFrontMatter('version: 2').value, { version: '2' })
  assert.equal(readFrontMatter('version: "1.0"').value, { version: '1.0' })
})

test('yes and no are text, as YAML 1.2 has it', () => {
  assert.equal(readFrontMatter('enum: [yes, no, on]').value, { enum: ['yes', 'no', 'on'] })
})

test('errors of the YAML come with line and column of the file', () => {
  const { value, problems } = readFrontMatter('title: A\ntags: [a, b\nname: x\n')
  assert.is(value, undefined)
  assert.is(problems[0]?.line, 4)
  assert.match(problems[0]?.message ?? '', /flow/i)
})

test('an error of the YAML names one line, that of the file', () => {
  const told = (head: string) => readFrontMatter(head).problems.map(({ line, column, message }) => `${line}:${column} ${message}`)
  assert.equal(told('title: A\ntags: [a, b\nname: x\n'), [
    '4:1 Flow sequence in block collection must be sufficiently indented and end with a ]',
  ])
  assert.equal(told('title: A\n\tname: x\n'), ['3:1 Tabs are not allowed as indentation'])
  assert.equal(told('title: a: b\n'), ['2:8 Nested mappings are not allowed in compact mappings'])
})

test('an alias that no anchor stands before is told where it stands', () => {
  const [problem] = readFrontMatter('one: &one 1\nmeta:\n  - *one\n  - *two\ntwo: &two 2\n').problems
  assert.match(problem?.message ?? '', /alias.*two$/)
  assert.equal([problem?.line, problem?.column], [5, 5])
})

test('a key that comes twice is an error, at the second', () => {
  const { problems } = readFrontMatter('title: A\nname: b\ntitle: C\n')
  assert.equal(
    problems.map(({ line, column }) => [line, column]),
    [[4, 1]],
  )
})

test('an alias bomb is refused', () => {
  const bomb = [
    'a: &a [x, x, x, x, x, x, x, x, x, x]',
    ...'bcdefgh'.split('').map((key, index) => `${key}: &${key} [${Array(10).fill(`*${'abcdefg'[index]}`).join(', ')}]`),
  ]
  const { value, problems } = readFrontMatter(bomb.join('\n'))
  assert.is(value, undefined)
  assert.match(problems[0]?.message ?? '', /alias/i)
})

test('row 15: a key __proto__ is a key, and reaches nothing', () => {
  const { value } = readFrontMatter('__proto__: { polluted: true }\nname: a\n')
  assert.equal(Object.keys(value as object).sort(), ['__proto__', 'name'])
  assert.is(({} as { polluted?: boolean }).polluted, undefined)
  assert.is(Object.getPrototypeOf(value), Object.prototype)
})

test('members are found in mappings by their key and in lists by their number', () => {
  const head = 'title: A\narguments:\n  code: { type: string, required: 1 }\nicons:\n  - src: a\n  - src: 7\n'
  assert.equal(placeIn(head, ['title']), { line: 2, column: 1 })
  assert.equal(placeIn(head, ['arguments', 'code', 'required']), { line: 4, column: 25 })
  assert.equal(placeIn(head, ['icons', 1, 'src']), { line: 7, column: 5 })
})

test('what is not there is where it would be', () => {
  assert.equal(placeIn('title: A\narguments:\n  a: string\n', ['arguments', 'b', 'type']), { line: 3, column: 1 })
  assert.equal(placeIn('title: A\n', ['name']), { line: 2, column: 1 })
  assert.equal(placeIn('', ['name']), { line: 2, column: 1 })
})

test.run()
