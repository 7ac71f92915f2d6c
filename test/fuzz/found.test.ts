/** Every input that once broke something, and those that the targets start from, again. */
// not on Node 20: the targets look into the sources
import { suite } from 'uvu'
import { bytesOf, corpusOf, foundOf, importTarget, moduleOf, TARGETS } from './engine/target.ts'
import { trial } from './engine/trial.ts'

const test = suite('what fuzzing found')

for (const name of TARGETS) {
  const target = await importTarget(moduleOf(name))
  for (const input of corpusOf(name)) test(`${name}: ${JSON.stringify(input).slice(0, 60)}`, () => trial(target, bytesOf(input)))
  for (const { input, why } of foundOf(name)) test(`${name}, found: ${why.slice(0, 80)}`, () => trial(target, bytesOf(input)))
}

test.run()
