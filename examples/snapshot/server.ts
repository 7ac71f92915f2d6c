/** A server that can start from a snapshot of itself: what it offers is registered when the snapshot is built, and listening is all that is left for the start. */

import { Server } from 'oarlock/kernel'
import { stdio } from 'oarlock/stdio'

const server = new Server({ name: 'words', version: '1.0.0' })

server.tool(
  'count',
  {
    description: 'Counts the words of a text',
    input: { type: 'object', properties: { text: { type: 'string', minLength: 1 } }, required: ['text'] },
    output: { type: 'object', properties: { words: { type: 'integer' } }, required: ['words'] },
  },
  args => ({ words: (args as { text: string }).text.split(/\s+/).length }),
)

server.tool('where', { description: 'Tells which process answers' }, () => `${process.pid} ${process.env['PLACE'] ?? 'nowhere'}`)

server.tool('forget', { description: 'Forgets everything, once somebody agreed' }, async (_, ctx) => {
  const { action } = await ctx.elicit('sure', { message: 'Forget everything?', schema: { type: 'object', properties: {} } })
  return action === 'accept' ? 'Forgotten' : 'Kept'
})

server.resource('about', { uri: 'words://about', mimeType: 'text/plain' }, () => 'Words, counted.')

// #region main
const { startupSnapshot } = process.getBuiltinModule('node:v8')
const main = (): void => void server.listen(stdio())

if (startupSnapshot.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(main)
else main()
// #endregion
