/** A server over HTTP that converts units. Prints its address. */

import { http, Server, ToolError, Type } from 'oarlock'

/** Starts it. */
export async function openConverter(): Promise<{ readonly server: Server; readonly url: string }> {
  const server = new Server({ name: 'convert', version: '1.0.0' })
  const input = Type.Object({ value: Type.Number(), from: Type.String(), to: Type.String() })
  server.tool('units', { description: 'Converts units', input, annotations: { readOnlyHint: true } }, ({ value, from, to }) => {
    if (from !== 'C' || to !== 'F') throw new ToolError(`Only C to F, not ${from} to ${to}`)
    return String(value * 1.8 + 32)
  })
  const [listener] = await server.listen(http({ port: 0 }))
  return { server, url: (listener as NonNullable<typeof listener>).address }
}
