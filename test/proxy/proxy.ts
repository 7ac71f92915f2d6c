/** A TCP proxy that misbehaves: cuts, stalls and corrupts what passes through it. */
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

export type Mischief = 'pass' | 'cut' | 'stall' | 'corrupt' | 'refuse'

export interface Proxy {
  readonly port: number
  /** What is done to a connection, asked once for each; and after how many bytes of the answer. */
  plan: () => { readonly mischief: Mischief; readonly after: number }
  /** Connections so far. */
  readonly count: number
  /** Those that are open. */
  readonly open: number
  /** Cuts all that is open. */
  cut(): void
  close(): Promise<void>
}

export async function proxyTo(port: number): Promise<Proxy> {
  const pairs = new Set<readonly [Socket, Socket]>()
  let count = 0
  const server = createServer(client => {
    count += 1
    const { mischief, after } = proxy.plan()
    if (mischief === 'refuse') return void client.resetAndDestroy()
    const upstream = connect(port, '127.0.0.1')
    const pair = [client, upstream] as const
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      client.destroy()
      upstream.destroy()
    }
    for (const socket of pair) socket.on('error', end).on('close', end)
    client.on('data', chunk => void upstream.write(chunk))
    let passed = 0
    upstream.on('data', (chunk: Buffer) => {
      const left = after - passed
      passed += chunk.length
      if (mischief === 'pass' || left > chunk.length) return void client.write(chunk)
      if (mischief === 'stall') return
      if (mischief === 'cut') return void client.write(chunk.subarray(0, Math.max(left, 0)), () => client.resetAndDestroy())
      // A NUL is no part of any head, chunk size or JSON text: what is broken is seen to be.
      const broken = Buffer.from(chunk)
      if (left >= 0 && broken.length > 0) broken[Math.min(left, broken.length - 1)] = 0
      client.write(broken)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const proxy: Proxy = {
    port: (server.address() as AddressInfo).port,
    plan: () => ({ mischief: 'pass', after: 0 }),
    get count() {
      return count
    },
    get open() {
      return pairs.size
    },
    cut() {
      for (const [client] of pairs) client.resetAndDestroy()
    },
    async close() {
      const closed = new Promise(resolve => server.close(resolve))
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      await closed
    },
  }
  return proxy
}

/** Numbers that look random and are the same each time. */
export function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1664525 + 1013904223) % 2 ** 32
    return state / 2 ** 32
  }
}
