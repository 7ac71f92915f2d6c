/** Every kind of problem a registry finds beside those of templates: what it means. */

/** The table behind `PromptProblem.code`, with that of templates. */
export const REGISTRY_PROBLEMS = {
  'front-matter': 'The front matter is no YAML, no mapping, or does not end.',
  'no-front-matter': 'A warning: a Markdown file that is neither a prompt nor a fragment.',
  'unknown-key': 'A member that means nothing there.',
  'missing-key': 'A member that has to be there.',
  'bad-value': 'A member holds something else than it should.',
  'bad-schema': 'The schema of the arguments is none, or one that the kernel refuses.',
  'bad-variants': 'Variants that cannot be told apart, that nobody gets, or a prompt without any text.',
  'unknown-fragment': 'A variant is a fragment that does not exist.',
  'unknown-guard': 'No guard of that name was given to the registry.',
  'unknown-completer': 'No completer of that name was given to the registry, or there is no such argument.',
  'no-description': 'A warning: people and models choose by the description.',
  duplicate: 'Two prompts or fragments have one name, and the same version; or something else on a server has it.',
  'no-folder': 'There is no such folder.',
  outside: 'A symbolic link leads out of the folder.',
  'not-utf8': 'The file is not UTF-8.',
  unreadable: 'A file or folder cannot be read.',
  'left-out': 'A changed file was right by itself, but the files that changed with it were not.',
  watch: 'The folder can no longer be watched.',
  'missing-pin': 'A warning: callers are pinned to a version that does not exist.',
  function: 'The prompt holds a function, which no document can: name it instead.',
  document: 'What was to be imported is no document of prompts.',
} as const satisfies Readonly<Record<string, string>>

/** What kind of problem. */
export type RegistryProblemCode = keyof typeof REGISTRY_PROBLEMS
