/** What no rendering goes past. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { messages, setOf, textOf } from './stage.ts'

const limits = suite('limits of a rendering')

const failing = (text: string, values: object, message: RegExp, limit: object = {}): void => {
  const start = performance.now()
  assert.throws(() => messages(text, { ...values }, { limits: limit }), message)
  assert.ok(performance.now() - start < 8_000)
}

const many = (length: number): readonly number[] => Array.from({ length }, (_, index) => index)

limits('row 23: a loop of a million turns fails before it starts', () => {
  failing(
    '{{#each list}}x{{/each}}',
    { list: many(1_000_000) },
    /^x:1:1: The prompt has more than 10000 turns of its loops \(limits\.iterations\)$/,
  )
})

limits('row 23: loops within loops are counted together', () => {
  failing('{{#each l}}{{#each @root.l}}{{#each @root.l}}x{{/each}}{{/each}}{{/each}}', { l: many(1_000) }, /more than 10000 turns/)
})

limits('row 23: lists that helpers make are counted', () => {
  failing('{{range 1 1000000000}}', {}, /more than 10000 turns/)
  failing('{{#each l}}{{join @root.l}}{{sort @root.l}}{{unique @root.l}}{{/each}}', { l: many(100) }, /more than 10000 turns/)
  failing(
    '{{#each it}}x{{/each}}',
    {
      it: {
        *[Symbol.iterator]() {
          for (;;) yield 1
        },
      },
    },
    /more than 10000 turns/,
  )
})

limits('row 23: a large argument that is repeated does not make a larger text than is allowed', () => {
  const big = 'x'.repeat(100_000)
  failing('{{#each l}}{{@root.big}}{{/each}}', { l: many(5_000), big }, /more than 1000000 characters \(limits\.outputChars\)/)
  failing('{{big}}'.repeat(11), { big }, /more than 1000000 characters/)
  failing('{{#budget 1}}{{#each l}}{{@root.big}}{{/each}}{{/budget}}', { l: many(5_000), big }, /more than 1000000 characters/)
  failing(
    '{{#each l}}{{json @root.lines}}{{quote @root.lines}}{{/each}}',
    { l: many(99), lines: '\n'.repeat(400_000) },
    /more than 1000000 characters/,
  )
})

limits('row 23: partials that double themselves end', () => {
  const levels = many(30).map(level => ({
    id: `p${level}`,
    text: level === 29 ? '' : `{{> p${level + 1}}}{{> p${level + 1}}}`,
    fragment: true,
  }))
  const set = setOf([...levels, { id: 'x', text: '{{> p0}}' }])
  const start = performance.now()
  assert.equal(
    set.check().map(({ code }) => code),
    ['too-large'],
  )
  assert.throws(() => set.render('x', {}), /too large/)
  assert.ok(performance.now() - start < 15_000)
})

limits('messages are counted', () => {
  failing('{{#each l}}{{#user}}x{{/user}}{{/each}}', { l: many(257) }, /more than 256 messages \(limits\.messages\)/)
})

limits('row 23: expressions of helpers take time that grows with their text', () => {
  const start = performance.now()
  const spaces = ' '.repeat(200_000)
  textOf('{{trim a}}{{capitalize a}}{{truncate a 5}}{{truncateTokens a 5}}{{codeblock b}}{{date c}}'.replace('{{date c}}', ''), {
    a: `${spaces}x`,
    b: '`'.repeat(200_000),
  })
  textOf('{{a}}x', { a: `${'\n'.repeat(200_000)}x` })
  textOf('{{a}}', { a: `${' \n'.repeat(100_000)}x${' '.repeat(100_000)}` })
  assert.throws(() => textOf('{{link a}}', { a: `a:${'b'.repeat(200_000)} ` }))
  assert.throws(() => textOf('{{image data=a mimeType="image/png"}}', { a: '='.repeat(200_000) }))
  assert.throws(() => textOf('{{image data="AAAA" mimeType=a}}', { a: `a/${'b'.repeat(200_000)}\n` }))
  assert.ok(performance.now() - start < 10_000)
})

limits('limits are the set’s own', () => {
  failing('{{#each l}}x{{/each}}', { l: many(3) }, /more than 2 turns/, { iterations: 2 })
  failing('xxx', {}, /more than 2 characters/, { outputChars: 2 })
  failing('{{#if (concat a a)}}y{{/if}}', { a: 'xx' }, /more than 3 characters/, { outputChars: 3 })
  failing('{{#user}}x{{/user}}y', {}, /more than 1 messages/, { messages: 1 })
})

limits.run()
