/** A server on a Unix socket: `node server.ts /tmp/notes.sock`. It writes a line when it listens, and ends with SIGTERM. */

import { Server, Type } from 'oarlock'
import { unixSocket } from './transport.ts'

const path = process.argv[2] ?? '/tmp/notes.sock'
const notes: string[] = []

const server = new Server({ name: 'notes', version: '1.0.0' })

server.tool('add', { description: 'Keep a note', input: Type.Object({ text: Type.String() }) }, ({ text }) => `${notes.push(text)} kept`)

server.tool('count', { description: 'Count slowly', input: Type.Object({ to: Type.Integer() }) }, async ({ to }, ctx) => {
  for (let done = 1; done <= to; done++) await ctx.progress(done, to)
  return `counted to ${to}`
})

server.tool('remove', { description: 'Remove all notes, if the user agrees' }, async (_, ctx) => {
  const { action } = await ctx.elicit('sure', { message: `Remove ${notes.length}?`, schema: Type.Object({}) })
  return action === 'accept' ? `${notes.splice(0).length} removed` : 'kept'
})

server.resource('notes', { uri: 'notes://all', mimeType: 'text/plain', description: 'All notes' }, () => notes.join('\n'))

await server.listen(unixSocket(path))
console.log(`listening on ${path}`)
process.once('SIGTERM', () => void server.close())
