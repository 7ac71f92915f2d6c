/** The schemas of the vocabulary as validators: what any revision may say passes, what none may say does not. */
import { Compile } from 'typebox/schema'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { MODELS } from '../../../../test/oracle/models.ts'
import { lower } from '../../src/dialect.ts'
import { rowOf } from '../../src/method.ts'
import { REVISIONS } from '../../src/revision.ts'
import { type TSchema } from '../../src/type.ts'
import { AnyValue } from '../any-value.ts'

const validation = suite('validation')

validation('every schema accepts any value made of the words of all revisions', () => {
  for (const [name, model] of MODELS) {
    const validator = Compile(model)
    for (let seed = 0; seed < 40; seed++) {
      const value = new AnyValue(seed).of(model)
      assert.ok(validator.Check(value), `${name}: ${JSON.stringify(value)}`)
    }
  }
})

validation('a result is still a result to us when it was said in the words of any revision', () => {
  for (const name of ['tools/call', 'tools/list', 'resources/read', 'prompts/get', 'initialize', 'sampling/createMessage']) {
    const model = rowOf(name)?.result as TSchema
    const validator = Compile(model)
    for (const revision of REVISIONS) {
      for (let seed = 0; seed < 20; seed++) {
        const said = lower(name, new AnyValue(seed).of(model) as object, revision)
        assert.ok(validator.Check(said), `${name} ${revision}: ${JSON.stringify(said)}`)
      }
    }
  }
})

validation('S-MSG-12: params of the wrong shape are refused', () => {
  const wrong: readonly (readonly [string, unknown])[] = [
    ['tools/call', { arguments: {} }],
    ['tools/call', { name: 'a', arguments: [] }],
    ['tools/call', { name: 1 }],
    ['prompts/get', { name: 'a', arguments: { b: 1 } }],
    ['resources/read', {}],
    ['completion/complete', { ref: { type: 'ref/tool', name: 'a' }, argument: { name: 'a', value: 'b' } }],
    ['logging/setLevel', { level: 'verbose' }],
    ['subscriptions/listen', {}],
    ['subscriptions/listen', { notifications: { resourceSubscriptions: [1] } }],
    ['notifications/progress', { progressToken: 1.5, progress: 1 }],
    ['tools/list', { cursor: 1 }],
  ]
  for (const [name, params] of wrong) {
    assert.not(Compile(rowOf(name)?.params as TSchema).Check(params), `${name} ${JSON.stringify(params)}`)
  }
})

validation.run()
