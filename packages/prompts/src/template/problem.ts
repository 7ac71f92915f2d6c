/** Every kind of problem a template can have: its severity and what it means. */

/** The table behind `TemplateProblem.code`. */
export const PROBLEMS = {
  'too-large': { severity: 'error', about: 'The template is longer than `limits.templateChars`.' },
  'too-deep': {
    severity: 'error',
    about: 'Blocks, sub-expressions or parents are nested deeper than `limits.depth` or than the parser can go.',
  },
  syntax: { severity: 'error', about: 'The text is not Handlebars.' },
  'missing-parent': { severity: 'error', about: '`extends` names a template that is not in the set.' },
  'inheritance-cycle': { severity: 'error', about: 'A template extends itself, directly or through others.' },
  'unknown-block': { severity: 'error', about: 'A block overrides none that the parent has.' },
  'duplicate-block': { severity: 'error', about: 'Two blocks of one template have the same name.' },
  'outside-block': {
    severity: 'error',
    about: 'A template that extends another has text outside of its blocks, which would appear nowhere.',
  },
  'misplaced-super': { severity: 'error', about: '`{{super}}` stands outside of a block that overrides one.' },
  'unknown-partial': { severity: 'error', about: '`{{> name}}` names a template that is not in the set.' },
  'dynamic-partial': {
    severity: 'error',
    about: 'The name of a partial is computed. Names are written out, so that what a prompt includes is known.',
  },
  'partial-cycle': { severity: 'error', about: 'A template includes itself, directly or through others.' },
  'unknown-helper': { severity: 'error', about: 'A helper that does not exist.' },
  'helper-use': {
    severity: 'error',
    about:
      'A helper with the wrong number of values, a constant that its schema refuses, a name it does not take, or as a block where it is none.',
  },
  'forbidden-name': {
    severity: 'error',
    about:
      'A name that reaches into the language (`constructor`, `__proto__`), a decorator, an unknown `@` variable, or an id that no template may have.',
  },
  'nested-message': { severity: 'error', about: 'A message within a message, or a message or content block where only text can be.' },
  'undeclared-argument': { severity: 'error', about: 'A name that is no argument of the prompt.' },
  'unused-argument': { severity: 'warning', about: 'An argument that the template never mentions.' },
} as const satisfies Readonly<Record<string, { readonly severity: 'error' | 'warning'; readonly about: string }>>

/** What kind of problem. */
export type ProblemCode = keyof typeof PROBLEMS
