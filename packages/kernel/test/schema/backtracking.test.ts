/** The judge of regular expressions: what it refuses, what it lets pass, and a count of real backtracking steps against its word. */

import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compileSchema } from '../../src/schema/compile.ts'
import { backtracking } from '../../src/schema/pattern/backtracking.ts'
import { patternProblem } from '../../src/schema/pattern/pattern-problem.ts'
import { searchPattern } from '../../src/schema/pattern/search.ts'
import { type Node, parsePattern } from '../../src/schema/pattern/syntax.ts'

const test = suite('patterns')

const EXPONENTIAL = [
  '^(a+)+$',
  '^(a|a)*$',
  '(x+x+)+y',
  '([a-z]+)*',
  '^(a|aa)+$',
  '^(a*)*$',
  '^(a?b?)*c$',
  String.raw`^(\w+\s?)*$`,
  '^([a-z0-9]+-?)*$',
  String.raw`^(\d{1,3},?){0,20}$`,
  '^((ab)*|(ab)+)*$',
  '^(a{0,50}){0,50}$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  String.raw`^(\p{L}|é)+$`,
  '^(?<word>a+)+$',
  '^(?:(?=a)a|a)*$',
]

const POLYNOMIAL = [
  String.raw`\d+\d+$`,
  String.raw`^.+@.+\..+$`,
  '[a-z]+$',
  String.raw`^\s*(.*)\s*$`,
  '.*foo.*bar',
  '(.*a){12}',
  '[A-Za-z]{1,5000}$',
  '(?=.*x)[a-z]+$',
]

const FINE = [
  '^(a?)*$',
  '^[a-z]+$',
  '^[a-z0-9]+(?:-[a-z0-9]+)*$',
  String.raw`\.json$`,
  '[a-z]',
  '.*',
  '[a-z]+',
  String.raw`^\d{3}-\d{4}$`,
  String.raw`^(?=.*\d)(?=.*[a-z]).{8,}$`,
  String.raw`^(?:[A-Za-z0-9_'+\-]+\.)*[A-Za-z0-9_'+\-]*[A-Za-z0-9_+-]@(?:[A-Za-z0-9][A-Za-z0-9\-]*\.)+[A-Za-z]{2,}$`,
  String.raw`^[\w%+.-]+@[\d.A-Za-z-]+\.[A-Za-z]{2,}$`,
  String.raw`^\p{L}+(?:\s\p{L}+)*$`,
  String.raw`^(['"]).*\1$`,
  String.raw`^(?<q>['"]).*\k<q>$`,
  '^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$',
  String.raw`^([a-z]{1,63}\.){1,10}$`,
  String.raw`^https?://[^\s/$.?#].[^\s]*$`,
  String.raw`^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?$`,
  String.raw`^[\u{1F600}-\u{1F64F}\x41\u0042\cJ\t]+$`,
]

test('T22: a pattern that can take exponential time is refused whatever the length', () => {
  for (const pattern of EXPONENTIAL) {
    assert.equal(backtracking(pattern).kind, 'exponential', pattern)
    assert.equal(patternProblem(pattern, 10)?.severity, 'error', pattern)
  }
})

test('a pattern whose work grows like a power is refused, unless maxLength keeps it small', () => {
  for (const pattern of POLYNOMIAL) {
    const problem = patternProblem(pattern, undefined)
    assert.equal(problem?.severity, 'error', pattern)
    assert.match(problem?.message ?? '', /can take very long/, pattern)
  }
  assert.equal(patternProblem('[a-z]+$', 1_000), undefined)
  assert.match(patternProblem('[a-z]+$', undefined)?.message ?? '', /begin it with \^, or give the string a maxLength of at most 10000/)
})

test('a pattern that begins with .* is run without it, and judged as it is run', async () => {
  assert.is(patternProblem('.*z$', undefined)?.severity, 'error')
  assert.is(patternProblem(searchPattern('.*z$'), undefined), undefined)
  assert.is(searchPattern('.*z$'), 'z$')
  assert.is(searchPattern('.*?z|.*y'), 'z|.*y')
  for (const other of ['^.*z', 'a.*z', '.+z', String.raw`\.*z`]) assert.is(searchPattern(other), other)
  const compiled = compileSchema({ type: 'object', properties: { x: { type: 'string', pattern: '.*z$' } } })
  assert.ok((await compiled.check({ x: 'a\nz' })).ok)
  assert.not.ok((await compiled.check({ x: 'za' })).ok)
})

test('a text longer than maxLength is never matched against a pattern', async () => {
  const compiled = compileSchema({ type: 'object', properties: { x: { type: 'string', pattern: 'a+b', maxLength: 1_000 } } })
  const started = process.cpuUsage().user
  const checked = await compiled.check({ x: 'a'.repeat(200_000) })
  assert.equal(checked.ok || checked.issues, [{ path: '/x', message: 'expected at most 1000 characters, found more' }])
  // Matching it would take more than ten seconds.
  assert.ok(process.cpuUsage(undefined).user - started < 3_000_000)
})

test('everyday patterns pass', () => {
  for (const pattern of FINE) assert.equal(patternProblem(pattern, undefined), undefined, pattern)
})

test('an invalid pattern is an error that says so, a huge one a warning', () => {
  assert.match(patternProblem('a(', undefined)?.message ?? '', /no regular expression with flag u/)
  assert.match(patternProblem(String.raw`\-`, undefined)?.message ?? '', /no regular expression with flag u/)
  assert.equal(patternProblem('(?:a|b)'.repeat(2_000), undefined)?.severity, 'warning')
})

/** A backtracking matcher in the manner of the specification, which counts its steps. Gives up at `most`. */
function stepsOf(root: Node, text: string, most: number): number {
  let steps = 0
  const match = (node: Node, at: number, then: (at: number) => boolean): boolean => {
    if (++steps > most) throw new RangeError('enough')
    switch (node.kind) {
      case 'chars': {
        const code = text.codePointAt(at)
        return code !== undefined && node.set.some(([first, last]) => code >= first && code <= last) && then(at + 1)
      }
      case 'start':
        return at === 0 && then(at)
      case 'end':
        return at === text.length && then(at)
      case 'look':
        return match(node.body, at, () => true) && then(at)
      case 'choice':
        return node.branches.some(branch => match(branch, at, then))
      case 'sequence': {
        const rest = (index: number, from: number): boolean => {
          const part = node.parts[index]
          return part === undefined ? then(from) : match(part, from, next => rest(index + 1, next))
        }
        return rest(0, at)
      }
      case 'repeat': {
        const round = (done: number, from: number): boolean =>
          (done < node.most && match(node.body, from, next => (next !== from || done < node.least) && round(done + 1, next))) ||
          (done >= node.least && then(from))
        return round(0, at)
      }
    }
  }
  try {
    for (let from = 0; from <= text.length; from += 1) if (match(root, from, () => true)) return steps
    return steps
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return most
  }
}

/** The same numbers on every run. */
function random(seed: number): (below: number) => number {
  let state = seed
  return below => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
}

function randomPattern(pick: (below: number) => number, depth: number): string {
  if (depth === 0 || pick(3) === 0) return ['a', 'b', '[ab]', '.'][pick(4)] as string
  const inner = () => randomPattern(pick, depth - 1)
  switch (pick(6)) {
    case 0:
      return `(?:${inner()}|${inner()})`
    case 1:
      return `(?:${inner()})${['*', '+', '?', '{0,2}', '{2}'][pick(5)] as string}`
    default:
      return `${inner()}${['', '', '*', '+', '?'][pick(5)] as string}${inner()}`
  }
}

/** Texts that keep loops busy and then fail. */
function texts(length: number): readonly string[] {
  const units = ['a', 'b', 'ab', 'aab', 'abb']
  return units.flatMap(unit =>
    ['', 'a', 'b'].flatMap(head => ['!\n', 'a\n', 'b\n'].map(tail => head + unit.repeat(Math.floor(length / unit.length)) + tail)),
  )
}

test('no pattern that passes needs more than steps in line with the length of a text', () => {
  const pick = random(7)
  let passed = 0
  for (let round = 0; round < 600; round += 1) {
    const pattern = `^${randomPattern(pick, 3)}${pick(2) === 0 ? '$' : ''}`
    if (patternProblem(pattern, undefined) !== undefined) continue
    passed += 1
    const tree = parsePattern(pattern)
    for (const [index, long] of texts(80).entries()) {
      const short = stepsOf(tree, texts(40)[index] as string, 50_000)
      const double = stepsOf(tree, long, 50_000)
      assert.ok(double <= short * 3 + 50, `${pattern} on ${JSON.stringify(long)}: ${short} steps, twice the text ${double}`)
    }
  }
  assert.ok(passed > 200, `only ${passed} patterns passed`)
})

test('what is refused as exponential really is', () => {
  for (const [pattern, text] of [
    ['^(a+)+$', `${'a'.repeat(40)}!`],
    ['^(a|aa)+$', `${'a'.repeat(40)}!`],
    ['(x+x+)+y', 'x'.repeat(40)],
    ['^(a*)*$', `${'a'.repeat(40)}!`],
  ] as const) {
    assert.equal(stepsOf(parsePattern(pattern), text, 1_000_000), 1_000_000, pattern)
  }
})

test.run()
