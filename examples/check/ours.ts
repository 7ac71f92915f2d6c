/** Our own client in the hands of a story. */

import { connect, type ConnectOptions } from 'oarlock'
import type { Hear, Opened, Wanted } from './reader.ts'
import type { Spoken, Way } from './way.ts'

/** Connects. */
export async function ours(way: Way, revision: Spoken): Promise<Opened> {
  const options: ConnectOptions = { name: 'check', version: '1.0.0', revision, headers: way.headers }
  const { transport, url, command, args, env } = way
  const client = await connect(transport === 'stdio' ? { command, args, env } : url, options)
  return {
    requests: client.raw,
    revision: client.revision,
    async follow({ resources, resourceList, prompts }: Wanted, hear: Hear) {
      const news = client.listen({ resources, resourceList, prompts })
      await news.ready
      const loop = async (): Promise<void> => {
        for await (const each of news) hear(each.kind === 'resource' ? each.uri : each.kind)
      }
      loop().catch(console.error)
      return () => news.close()
    },
    close: () => client.close(),
  }
}
