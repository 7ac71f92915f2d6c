/** Options that do not exist are refused, at every depth, with the nearest that does. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatProblems, prompts, templateEngine } from '@oarlock/prompts'
import { precompiled, precompiledPrompts } from '@oarlock/prompts/runtime'

const test = suite('names of options')

const opened = (options: object) => () => prompts(options)

test('a misspelt option of an engine is refused with the nearest', () => {
  const options: object = { helper: [] }
  assert.throws(() => prompts({ engine: options }), /^'helper' is no option of a prompt registry's engine\. Did you mean 'helpers'\?$/)
  assert.throws(() => templateEngine(options), /^'helper' is no option of templateEngine\(\)\. Did you mean 'helpers'\?$/)
  assert.throws(() => precompiled({} as never, options), /^'helper' is no option of precompiled\(\)\. Did you mean 'helpers'\?$/)
})

test('so is one of what stands within options', () => {
  assert.throws(
    opened({ watch: { debounceMs: 5 } }),
    /^'debounceMs' is no option of watch of a prompt registry\. Did you mean 'debounce'\?$/,
  )
  assert.throws(
    opened({ engine: { limits: { outputChar: 5 } } }),
    /^'outputChar' is no option of limits of a prompt registry's engine\. Did you mean 'outputChars'\?$/,
  )
  assert.throws(() => templateEngine({ limits: { iteration: 5 } as never }), /limits of templateEngine\(\)\. Did you mean 'iterations'\?/)
  const registry = prompts()
  assert.throws(() => registry.list({ tags: 'a' } as never), /^'tags' is no option of list\(\)\. Did you mean 'tag'\?$/)
  assert.throws(() => registry.source('a', { varient: 'b' } as never), /^'varient' is no option of source\(\)\. Did you mean 'variant'\?$/)
  assert.throws(
    () => formatProblems([], { colour: true } as never),
    /^'colour' is no option of formatProblems\(\)\. Did you mean 'color'\?$/,
  )
})

test('prompts that were compiled take the options of a registry that have nothing to do with files', () => {
  const serve = (options: object) => () => precompiledPrompts(prompts().export(), { render: () => [] }, options)
  assert.throws(serve({ completer: {} }), /^'completer' is no option of precompiledPrompts\(\)\. Did you mean 'completers'\?$/)
  assert.throws(serve({ folder: 'prompts' }), /^'folder' is no option of precompiledPrompts\(\)/)
  serve({ completers: {} })()
})

test('what is no time, no function and no object is refused, too', () => {
  assert.throws(opened({ watch: { debounce: 'soon' } }), /^debounce in watch of a prompt registry: "soon" is not a duration/)
  assert.throws(opened({ watch: { debounce: -1 } }), /-1 is not a duration/)
  assert.throws(opened({ watch: 'yes' }), /^The options of watch of a prompt registry must be an object$/)
  assert.throws(opened({ engine: { tokens: 4 } }), /^tokens of a prompt registry's engine must be a function$/)
  assert.throws(opened({ engine: { assets: {} } }), /^assets of a prompt registry's engine must be a function$/)
  assert.throws(opened({ engine: { clock: {} } }), /^clock of a prompt registry's engine must have a function: now$/)
  assert.throws(opened({ folder: 5 }), /^folder of a prompt registry must be a path$/)
  assert.throws(opened({ folders: 'prompts' }), /^folders of a prompt registry must be a list of paths$/)
  assert.throws(opened({ completers: { notes: [] } }), /^the completer notes of a prompt registry must be a function$/)
  assert.throws(opened({ guards: { staff: 'staff' } }), /^the guard staff of a prompt registry must be a rule/)
  for (const name of ['pin', 'subject', 'assign', 'report'])
    assert.throws(opened({ [name]: {} }), `${name} of a prompt registry must be a function`)
  for (const debounce of [0, '1s', '30d', 2 ** 40]) prompts({ watch: { debounce } as never })
})

test.run()
