/** Goes shopping: with types, with consent, with questions, and with a server that is restarted in between. */

import assert from 'node:assert/strict'
import { open, type User } from './app.ts'
import { openShop } from './server.ts'

let { server, url } = await openShop(0)
const lines: string[] = []
const allowed = new Set(['buy'])
const user: User = {
  allows: tool => allowed.has(tool),
  fills: form => (lines.push(form), { action: 'accept', content: {} }),
  tells: line => void lines.push(line),
}
const { client, shop } = await open(url, user)

// Reading needs no consent, and the result has its type.
const { left } = await shop.stock({ item: 'tea' })
assert.equal(left + 1, 4)

// Buying does, and the server asks on the way; what the user left out has its default.
assert.equal(await shop.buy({ item: 'tea' }), 'tea')
assert.deepEqual(lines.splice(0), ['Buy tea?'])
allowed.clear()
await assert.rejects(shop.buy({ item: 'tea' }), { code: 'REJECTED' })
assert.equal((await shop.stock({ item: 'tea' })).left, 2)

// What the server lets be kept is not asked for twice.
const before = await client.read('shop://offers')
assert.deepEqual(await client.read('shop://offers'), before)

// News of the server arrive without being asked for.
const heard = new Promise<void>(resolve => void client.on('tools.changed', () => resolve()))
server.tool('wrap', { description: 'Wraps' }, () => 'wrapped')
await heard
assert.deepEqual(lines.splice(0), ['tools changed'])

// The server goes and comes back on its port: reading goes on as if nothing had been.
const { port } = new URL(url)
await server.close({ within: '1s' })
const reading = shop.stock({ item: 'milk' })
;({ server, url } = await openShop(Number(port)))
assert.equal((await reading).left, 1)

await client.close()
await server.close()
console.log('shopped, was asked, refused, heard the news, and went on after a restart')
