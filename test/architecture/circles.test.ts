/** The finder of circles. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { circles } from './circles.ts'
import type { SourceFile } from './source.ts'

const finder = suite('circles')

const file = (path: string, ...imports: string[]): SourceFile => ({
  path,
  package: 'any',
  text: '',
  code: '',
  imports: imports.map(to => ({ specifier: `./${to}`, file: to, types: false })),
})

finder('finds a circle wherever the walk enters it', () => {
  assert.equal(circles([file('a', 'b'), file('b', 'c'), file('c', 'b')]), [['b', 'c', 'b']])
})

finder('takes a diamond for what it is', () => {
  assert.equal(circles([file('a', 'b', 'c'), file('b', 'd'), file('c', 'd'), file('d')]), [])
})

finder.run()
