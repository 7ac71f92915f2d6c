import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { prompts, templateEngine } from '@oarlock/prompts'

const test = suite('names of options of an engine')

test('a misspelt option of an engine is refused with the nearest', () => {
  const options: object = { helper: [] }
  assert.throws(() => prompts({ engine: options }), /^'helper' is no option of a prompt registry's engine\. Did you mean 'helpers'\?$/)
  assert.throws(() => templateEngine(options), /^'helper' is no option of templateEngine\(\)\. Did you mean 'helpers'\?$/)
})

test.run()
