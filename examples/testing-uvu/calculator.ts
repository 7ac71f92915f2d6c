/** The server under test: a tool, a tool that can fail, a resource, a prompt. */

import { Server, ToolError, Type } from 'oarlock'

const Two = Type.Object({ a: Type.Number(), b: Type.Number() })

export function calculator(): Server {
  // The check of this example sets it, to see the tests fail.
  const bug = process.env['CALCULATOR_BUG'] === undefined ? 0 : 1
  const server = new Server({ name: 'calculator', version: '1.0.0' })
  server.tool('add', { description: 'Add two numbers', input: Two }, ({ a, b }) => a + b + bug)
  server.tool('divide', { description: 'Divide a by b', input: Two }, ({ a, b }) => {
    if (b === 0) throw new ToolError('Division by zero')
    return a / b
  })
  server.tool('learn', { description: 'Learns to subtract' }, () => {
    server.tool('subtract', { description: 'Subtract b from a', input: Two }, ({ a, b }) => a - b)
    return 'learnt'
  })
  server.resource('constants', { uri: 'calc://constants', description: 'Constants', mimeType: 'application/json' }, () => ({ pi: 3.14 }))
  server.prompt('explain', { description: 'Explain', args: Type.Object({ topic: Type.String() }) }, ({ topic }) => `Explain ${topic}`)
  return server
}
