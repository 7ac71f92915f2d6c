/** The house on standard input and output, with tools that tell of its process and misbehave in it. */
import { divertStdout } from '@oarlock/stdio'
import { stdio, Type } from 'oarlock'
import { house } from './house.ts'

divertStdout()
console.log('printed before it listens')
const { server } = house({ logs: true })
server.tool('rss', {}, () => {
  ;(globalThis as { gc?: () => void }).gc?.()
  return String(process.memoryUsage().rss)
})
server.tool('chat', { input: Type.Object({ text: Type.String() }) }, ({ text }) => {
  console.log('logged', text)
  console.info('informed', text)
  console.dir({ text })
  process.stdout.write(`written ${text}\n`)
  process.stdout.write(Buffer.from(`bytes ${text}\n`))
  return 'chatted'
})
server.tool('throw', { input: Type.Object({ text: Type.String() }) }, ({ text }) => {
  throw new Error(text)
})
await server.listen(stdio())
