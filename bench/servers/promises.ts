/** Servers of `promises.ts`: `tools` and `resources` say first how long it took to register them, `gate` has a tool that waits for 100 callers. Each says its port. */
import { http, Server } from 'oarlock'
import { MORE } from '../service.ts'

const MANY = 100
const server = new Server({ name: 'promises', version: '1.0.0' })

const kinds: Readonly<Record<string, () => void>> = {
  tools() {
    for (const { name, description, inputSchema } of MORE) server.tool(name, { description, input: inputSchema }, () => 'nothing found')
  },
  resources() {
    for (let index = 0; index < 10_000; index += 1) {
      server.resource(`r${index}`, { uri: `note://many/${index}`, mimeType: 'text/plain' }, () => `This is ${index}`)
    }
  },
  gate() {
    let inside = 0
    let open = (): void => undefined
    const all = new Promise<void>(resolve => (open = resolve))
    server.tool('gate', { description: 'Answers when enough have come' }, async () => {
      inside += 1
      if (inside === MANY) open()
      await all
      return `${inside} at once`
    })
  },
}

// Whoever connects first asks for the list of tools.
server.tool('hello', { description: 'Is there' }, () => 'hello')
const begun = performance.now()
kinds[process.argv[2] ?? '']?.()
const took = performance.now() - begun
const [listener] = await server.listen(http({ port: 0 }))
process.send?.([took, listener?.address])
