/** The guide: prompts that come, change and go at run time. */
import { Type } from 'oarlock'
import { prompts } from '@oarlock/prompts'
import { completers, FOLDER } from './folder.ts'

const registry = prompts({ folder: FOLDER, completers })

// #region runtime
registry.add({
  name: 'translate',
  description: 'Translates a text',
  version: '1.0.0',
  args: Type.Object({ text: Type.String(), language: Type.Optional(Type.String({ examples: ['French', 'Latin'] })) }),
  template: 'Translate into {{default language "English"}}: {{text}}',
})
registry.update({ name: 'translate', description: 'Translates', version: '1.0.0', template: 'Translate what I say from now on.' })
registry.putFragment({ name: 'partials/tone', template: 'You are strict.\n' })
registry.remove('translate', '1.0.0')
// #endregion

// #region look
registry.list({ tag: 'code', category: 'development' }) // what is there, filtered
registry.search('money customer') // the best match first
registry.get('review', '1.0.0') // a definition
registry.source('review') // the text after inheritance, unrendered, for review
// #endregion

// #region document
const document = registry.export()
registry.import(document)
// #endregion

export { document, registry }
