/** The server whose allocations are counted, in a process of its own: says its port, and on request what its heap holds. */
import { http, Server } from 'oarlock'

const server = new Server({ name: 'budget', version: '1.0.0' })
const text = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } as const
const numbers = { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] } as const
const sum = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] } as const

server.tool('echo', { description: 'Says what it was told', input: text }, args => (args as { text: string }).text)
server.tool('add', { description: 'Adds two numbers', input: numbers, output: sum }, args => {
  const { a, b } = args as { a: number; b: number }
  return { sum: a + b }
})
server.resource('document', { uri: 'note://document', mimeType: 'text/plain' }, () => 'It rained.')
server.prompt(
  'review',
  { args: { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] } },
  args => `Review ${(args as { code: string }).code}`,
)

const [listener] = await server.listen(http({ port: 0 }))

process.on('message', () => {
  const { heapUsed } = process.memoryUsage()
  globalThis.gc?.()
  process.send?.(heapUsed)
})
process.send?.(Number(new URL(listener?.address ?? '').port))
