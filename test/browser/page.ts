/** What runs in the browser: the clients, as a page would import them. `tell` is what the test asks of it. */
import { Client, type ClientOptions } from '@oarlock/client'
import { httpConnector } from '@oarlock/http/client'
import { wsConnector, WebSocketClosed } from '@oarlock/ws/client'
import type { Revision } from '@oarlock/protocol'

export interface Wish {
  readonly url: string
  readonly revision?: Revision
  readonly token?: string
  readonly maxMessage?: number
}

export interface Told {
  readonly revision: string
  readonly sum: unknown
  readonly progress: readonly number[]
  readonly asked: unknown
  readonly heard: string
  readonly big: number
}

export interface Page {
  /** Opens a client and tries everything that a page would do. */
  tell(wish: Wish): Promise<Told>
  /** What opening, or a call of `big` afterwards, fails with. */
  failure(wish: Wish): Promise<string>
  /** Opens a client, says so, and tells with which code the server closed it. */
  closing(wish: Wish): Promise<number | undefined>
}

async function open({ url, revision, token, maxMessage }: Wish): Promise<Client> {
  const connector = url.startsWith('ws')
    ? wsConnector(url, { token, maxMessage })
    : httpConnector(url, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } })
  const options: ClientOptions = {
    revision,
    answers: { elicit: () => ({ action: 'accept', content: { name: 'Ada' } }) },
  }
  return Client.open(connector, options)
}

const page: Page = {
  async tell(wish) {
    const client = await open(wish)
    const progress: number[] = []
    const sum = await client.call('add', { a: 1, b: 2 }, { onProgress: event => progress.push(event.progress) })
    const asked = client.revision >= '2025-06-18' ? await client.call('ask') : 'Hello Ada'
    const news = client.listen({ tools: true })
    await news.ready
    const heard = (async () => {
      for await (const event of news) return event.kind
      return 'nothing'
    })()
    await client.call('grow')
    const told = {
      revision: client.revision,
      sum,
      progress,
      asked,
      heard: await heard,
      big: String(await client.call('big', { size: 3_000_000 })).length,
    }
    await client.close()
    return told
  },

  async failure(wish) {
    try {
      const client = await open(wish)
      await client.call('big', { size: 100_000 })
      await client.close()
      return 'nothing'
    } catch (error) {
      return `${(error as Error).name}: ${(error as Error).message}`
    }
  },

  async closing(wish) {
    const client = await open(wish)
    const closed = new Promise<unknown>(resolve => client.on('connection.closed', ({ cause }) => resolve(cause)))
    await client.call('leave')
    const cause = await closed
    return WebSocketClosed.is(cause) ? cause.closeCode : undefined
  },
}

Object.assign(globalThis, { page })
