/** A folder of Markdown: notes as resources, prompts that work on them. Over standard input and output, or with PORT over HTTP and WebSocket. */

import { fileURLToPath } from 'node:url'
import { bearer, http, Server, stdio, toUpgrade, Type, type Principal } from 'oarlock'
import { helper, prompts, suggestedBy } from '@oarlock/prompts'
import { rules } from '@oarlock/resources'
import { files } from '@oarlock/resources/files'

const folder = process.env['NOTEBOOK'] ?? fileURLToPath(new URL('.', import.meta.url))
const port = process.env['PORT']

// #region access
const people = new Map<string | undefined, Principal>([
  [process.env['OWNER_TOKEN'], { id: 'owner', roles: ['owner'] }],
  [process.env['GUEST_TOKEN'], { id: 'guest' }],
])
const authenticate = bearer(token => people.get(token))

const access = rules([{ uri: 'file:///notes/private/**', roles: ['owner'] }, { uri: 'file:///notes/**' }])
// #endregion

// #region notes
const notes = files({ roots: { path: `${folder}/notes`, only: '**/*.md', title: 'Notes' }, watch: 'always', access })
// #endregion

// #region prompts
const uri = helper({ name: 'uri', args: [Type.String()], run: path => `file:///notes/${encodeURI(path)}` })
// Paths of notes, as the template of the notes suggests them: to each caller what it may read.
const completers = { notes: suggestedBy(notes, 'path') }
const registry = prompts({ folder: `${folder}/prompts`, watch: true, completers, engine: { helpers: [uri] } })
// #endregion

const server = new Server({ name: 'notebook', version: '1.0.0', instructions: 'Notes in Markdown, by path.', pageSize: 5 })
server.offer(notes)
server.offer(registry)

// Whoever starts the program owns the notes. Over the network, the owner says so with a token.
if (port === undefined) await server.listen(stdio({ principal: { id: 'owner', roles: ['owner'] } }))
else {
  const upgrade = toUpgrade(server, { authenticate })
  const [listener] = await server.listen(http({ port: Number(port), authenticate, upgrade }))
  console.log(`The notebook is at ${listener?.address}`)
  process.once('SIGTERM', () => void server.close())
}
