/** The server of the quick start: one class with a tool, a resource, a template and a prompt. */

import { Prompt, Resource, ResourceTemplate, Server, Tool, Type, type In } from 'oarlock'

const Add = Type.Object({ a: Type.Number(), b: Type.Number() })
const Topic = Type.Object({ topic: Type.Union([Type.Literal('sums'), Type.Literal('fractions')], { description: 'What to explain' }) })

class Calculator {
  @Tool({ description: 'Add two numbers', input: Add, annotations: { readOnlyHint: true } })
  add({ a, b }: In<typeof Add>): number {
    return a + b
  }

  @Resource({ uri: 'calc://constants', description: 'Constants worth knowing', mimeType: 'application/json' })
  constants(): object {
    return { pi: Math.PI, e: Math.E }
  }

  @ResourceTemplate({
    uri: 'calc://squares/{n}',
    description: 'The square of a number',
    params: Type.Object({ n: Type.Number() }),
    mimeType: 'text/plain',
  })
  square({ n }: { readonly n: number }): string {
    return String(n * n)
  }

  @Prompt({ description: 'Ask for an explanation', args: Topic })
  explain({ topic }: In<typeof Topic>): string {
    return `Explain ${topic} to a ten-year-old, with one example.`
  }
}

/** A server with the calculator. */
export function calculator(): Server {
  const server = new Server({ name: 'calculator', version: '1.0.0', instructions: 'Adds numbers and explains how.' })
  server.offer(new Calculator())
  return server
}
