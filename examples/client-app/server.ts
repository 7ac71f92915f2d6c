/** A small shop over HTTP, so that the client has somebody to talk to. */

import { http, Server, tool, Type } from 'oarlock'

const Item = Type.Object({ item: Type.String() })
const Stock = Type.Object({ item: Type.String(), left: Type.Integer() })

/** Its tools are fields, so the client can take their types from the class. */
export class Shop {
  readonly #stock = new Map([
    ['tea', 3],
    ['milk', 1],
  ])

  stock = tool({ description: 'How many are left', input: Item, output: Stock, annotations: { readOnlyHint: true } }, ({ item }) => ({
    item,
    left: this.#stock.get(item) ?? 0,
  }))

  buy = tool({ description: 'Buys one', input: Item }, async ({ item }, ctx) => {
    const sure = await ctx.elicit('sure', { message: `Buy ${item}?`, schema: Type.Object({ gift: Type.Boolean({ default: false }) }) })
    if (sure.action !== 'accept') return 'nothing bought'
    this.#stock.set(item, (this.#stock.get(item) ?? 0) - 1)
    return sure.content.gift ? `${item}, wrapped` : item
  })
}

/** Starts it on a port, any free one when 0. */
export async function openShop(port: number): Promise<{ readonly server: Server; readonly url: string }> {
  const server = new Server({ name: 'shop', version: '1.0.0' })
  server.offer(new Shop())
  server.resource('offers', { uri: 'shop://offers', cache: { ttl: '1m', scope: 'public' } }, () => 'tea at half the price')
  const [listener] = await server.listen(http({ port }))
  return { server, url: (listener as NonNullable<typeof listener>).address }
}
