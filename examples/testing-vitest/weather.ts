/** What is under test: a server over HTTP, and an application that uses somebody else's. */

import { connect, http, Server, Type, type Target } from 'oarlock'

/** Starts the server on a free port. */
export async function weather(): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = new Server({ name: 'weather', version: '1.0.0' })
  const bug = process.env['WEATHER_BUG'] === undefined ? 0 : 1
  server.tool(
    'forecast',
    { description: 'Degrees in a city', input: Type.Object({ city: Type.String() }) },
    ({ city }) => city.length + bug,
  )
  const [listener] = await server.listen(http({ port: 0 }))
  return { url: listener?.address ?? '', close: () => server.close() }
}

/** The application: asks once more when the server is busy. */
export async function forecast(target: Target, city: string): Promise<string> {
  const client = await connect(target)
  try {
    for (let attempt = 1; ; attempt++) {
      const result = await client.callRaw('forecast', { city })
      const [first] = result.content
      if (result.isError !== true) return first?.type === 'text' ? `${first.text}°` : 'unknown'
      if (attempt === 2) return 'unknown'
    }
  } finally {
    await client.close()
  }
}
