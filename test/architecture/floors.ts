/** The plan of the house: on which floor each package stands, and the few doors between neighbours. */

/** A package imports packages of lower floors only. A package that is not in this table has no place in the house yet. */
export const FLOOR: Readonly<Record<string, number>> = {
  protocol: 1,
  kernel: 2,
  client: 2,
  stdio: 2,
  http: 2,
  ws: 2,
  folders: 2,
  decorators: 3,
  prompts: 3,
  resources: 3,
  testing: 3,
  cli: 4,
  oarlock: 4,
}

/** Imports between packages of one floor, each with its reason. */
export const NEIGHBOURS: Readonly<Record<string, string>> = {
  'cli → oarlock': 'the command line opens targets through the same door as everyone who uses it',
}

/** Third-party packages at run time, as in section 3 of the plan; anything else needs a decision record. */
export const THIRD_PARTY: Readonly<Record<string, readonly string[]>> = {
  protocol: ['typebox'],
  kernel: ['typebox', 'eventemitter3'],
  client: ['eventemitter3', 'oauth4webapi', 'jose'],
  http: ['eventsource-parser'],
  ws: ['ws'],
  decorators: ['reflect-metadata', 'typebox'],
  folders: ['chokidar'],
  prompts: ['handlebars', 'yaml', 'chokidar', 'eventemitter3'],
  // ignore: the syntax of .gitignore files is larger than it looks, and this is what linters and formatters read it with; it brings nothing along.
  resources: ['chokidar', 'ignore', 'mime', 'pg', 'better-sqlite3'],
  testing: ['ajv', 'ajv-formats'],
  cli: ['citty'],
  oarlock: ['typebox'],
}

/** Packages that run on any platform, and so import nothing of Node. */
export const NEUTRAL: readonly string[] = ['protocol', 'kernel']

/** The only places that know that the protocol has two conversations. */
export const TWO_CONVERSATIONS: readonly string[] = ['packages/kernel/src/edge/', 'packages/client/src/talk/', 'packages/http/src/']

/** The longest a file may be before it has to be split. */
export const LINES = 400
