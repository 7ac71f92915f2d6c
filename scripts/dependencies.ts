/** Every package that may be installed beside ours in production: in which versions, and why. Nothing else gets in unseen. */

/** One such package. */
export interface Allowed {
  /** A caret range; narrower than npm's own meaning of it nowhere. */
  readonly range: string
  readonly reason: string
  /** The package that brings it; absent for those that ours name themselves. */
  readonly by?: string
  /** Ours works without it, and the user installs it. */
  readonly peer?: true
}

export const ALLOWED: Readonly<Record<string, Allowed>> = {
  ajv: {
    range: '^8.20.0',
    reason: 'Judges every frame by the official JSON Schemas, which Oarlock’s own validator is not to judge for itself.',
  },
  'ajv-formats': { range: '^3.0.1', reason: 'The formats that those schemas name.' },
  'better-sqlite3': { range: '>=12', reason: 'SQLite where Node has none of its own (Node 20).', peer: true },
  chokidar: {
    range: '^5.0.0',
    reason: 'Tells that files changed, on all three systems: what `fs.watch` reports differs from one to the next.',
  },
  citty: { range: '^0.2.2', reason: 'Arguments and help of the command line.' },
  eventemitter3: {
    range: '^5.0.4',
    reason:
      'The typed emitter behind `server.on` and `client.on`, on any platform: there is no `node:events` in browsers. Bundled into Oarlock’s files; its types come from the package.',
  },
  'fast-deep-equal': { range: '^3.1.3', reason: 'Equality of values.', by: 'ajv' },
  'fast-uri': { range: '^3.0.1', reason: 'Resolves `$id` and `$ref`.', by: 'ajv' },
  handlebars: {
    range: '^4.7.10',
    reason:
      'Templates of prompts. 4.7.9 and later: earlier ones run code of templates and syntax trees (row 23, T30). Only templates of the server’s author are compiled.',
  },
  ignore: { range: '^7.0.5', reason: 'The syntax of `.gitignore` files, as linters and formatters read it.' },
  jose: { range: '^6.1.0', reason: 'Keys and signatures of clients that sign in: private keys, proofs of possession (DPoP).' },
  'json-schema-traverse': { range: '^1.0.0', reason: 'Walks schemas.', by: 'ajv' },
  mime: { range: '^4.1.2', reason: 'Media types by file extension.' },
  minimist: { range: '^1.2.8', reason: 'For the command line of Handlebars, which Oarlock never runs. Not loaded.', by: 'handlebars' },
  'neo-async': { range: '^2.6.2', reason: 'For the command line of Handlebars. Not loaded.', by: 'handlebars' },
  oauth4webapi: {
    range: '^3.8.0',
    reason: 'The messages of OAuth 2.1 for clients, by the author of jose, certified and without dependencies.',
  },
  pg: { range: '^8.16.0', reason: 'PostgreSQL, for resources of databases.', peer: true },
  readdirp: { range: '^5.0.0', reason: 'Lists folders.', by: 'chokidar' },
  'reflect-metadata': { range: '^0.2.2', reason: 'What experimental decorators record their metadata with. Bundled into Oarlock’s files.' },
  'require-from-string': { range: '^2.0.2', reason: 'For precompiled schemas, of which Oarlock has none. Not loaded.', by: 'ajv' },
  'source-map': { range: '^0.6.1', reason: 'Puts the code of compiled templates together.', by: 'handlebars' },
  typebox: {
    range: '^1.4.3',
    reason:
      'Schemas: one source of static type, validation and JSON Schema. Bundled into Oarlock’s files; its types come from the package.',
  },
  'uglify-js': { range: '^3.1.4', reason: 'For the command line of Handlebars, and optional. Not loaded.', by: 'handlebars' },
  wordwrap: { range: '^1.0.0', reason: 'For the command line of Handlebars. Not loaded.', by: 'handlebars' },
  ws: { range: '^8.23.0', reason: 'WebSockets, of clients on Node and of servers. Without its native add-ons.' },
  yaml: { range: '^2.9.1', reason: 'The head of prompt files, with aliases bounded.' },
}
