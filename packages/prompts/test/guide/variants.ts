/** The guide: three texts of one prompt, tried on shares of the callers. */
// #region variants
import { Type } from 'oarlock'
import { prompts } from '@oarlock/prompts'

const registry = prompts()
registry.putFragment({ name: 'layouts/card', template: '{{#user}}Write a card. {{#block "text"}}{{/block}}{{/user}}' })
registry.add({
  name: 'greet',
  description: 'Greets somebody',
  args: Type.Object({ who: Type.String() }),
  template: 'Greet {{who}}.',
  variants: [
    { name: 'plain', weight: 70 }, // the template above
    { name: 'warm', weight: 20, template: 'Greet {{who}} like an old friend.' },
    { name: 'card', weight: 10, extends: 'layouts/card', template: '{{#block "text"}}Greet {{who}} in it.{{/block}}' },
  ],
})
// #endregion

export { registry }
