/** Capabilities by path. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { capabilityAt, declares } from '../../src/model/capability.ts'

const capability = suite('capability')

capability('a capability is declared by an object, a switch by true', () => {
  assert.ok(declares({ tools: {} }, 'tools'))
  assert.ok(declares({ resources: { subscribe: true } }, 'resources.subscribe'))
  assert.not(declares({ resources: { subscribe: false } }, 'resources.subscribe'))
  assert.not(declares({ resources: {} }, 'resources.subscribe'))
  assert.not(declares({}, 'tools'))
  assert.not(declares({ tools: null } as never, 'tools'))
})

capability('S-EL-03: an empty elicitation capability means forms; one with pages only does not', () => {
  assert.ok(declares({ elicitation: {} }, 'elicitation.form'))
  assert.ok(declares({ elicitation: { form: {}, url: {} } }, 'elicitation.form'))
  assert.not(declares({ elicitation: { url: {} } }, 'elicitation.form'))
  assert.not(declares({ elicitation: {} }, 'elicitation.url'))
  assert.not(declares({}, 'elicitation.form'))
})

capability('S-MSG-25: names of the prototype declare nothing', () => {
  assert.not(declares({}, 'constructor'))
  assert.not(declares({}, '__proto__'))
  assert.not(declares({ sampling: {} }, 'sampling.toString'))
})

capability('S-META-06: a required capability is an object of the shape in which it is declared', () => {
  assert.equal(capabilityAt('elicitation.url'), { elicitation: { url: {} } })
  assert.equal(capabilityAt('sampling'), { sampling: {} })
})

capability.run()
