/** The guide: a helper of one's own. */
// #region helper
import { Type } from 'oarlock'
import { helper, prompts } from '@oarlock/prompts'

const shout = helper({ name: 'shout', args: [Type.String()], run: text => `${text.toUpperCase()}!` })

const registry = prompts({ engine: { helpers: [shout], timeZone: 'Europe/Oslo', locale: 'en-GB' } })
registry.add({ name: 'greet', description: 'Greets', args: Type.Object({ who: Type.String() }), template: '{{shout who}}' })
// #endregion

export { registry }
