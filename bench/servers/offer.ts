/** What Oarlock's servers offer, by whichever door they were imported. */
import type { Server } from 'oarlock'
import { ADD, DOCUMENT, DOCUMENT_URI, dayText, ECHO, MORE, promptText, STEPS, TEMPLATE, type PlainTool } from '../service.ts'

const options = ({ description, inputSchema, outputSchema }: PlainTool) => ({
  description,
  input: inputSchema,
  ...(outputSchema === undefined ? {} : { output: outputSchema }),
})

/** Registers the service. */
export function offer(server: Server): void {
  server.tool('echo', options(ECHO), args => (args as { text: string }).text)
  server.tool('add', options(ADD), args => {
    const { a, b } = args as { a: number; b: number }
    return { sum: a + b }
  })
  server.tool('steps', options(STEPS), async (_, ctx) => {
    ctx.progress(1)
    await new Promise(resolve => setImmediate(resolve))
    return 'done'
  })
  for (const tool of MORE) server.tool(tool.name, options(tool), () => 'nothing found')
  server.resource('document', { uri: DOCUMENT_URI, mimeType: 'text/plain' }, () => DOCUMENT)
  server.template('day', { uri: TEMPLATE, mimeType: 'text/plain' }, ({ uri }) => dayText(uri.slice(TEMPLATE.indexOf('{'))))
  server.prompt('review', { args: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] } }, args =>
    promptText((args as { code: string }).code),
  )
}
