/** A poll that pages take part in: the page, and the MCP server that it talks to over HTTP and WebSocket, all on one port. `node server.ts` says where. */

import { build } from 'esbuild'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Server, toNode, toUpgrade, Type } from 'oarlock'

const DRINKS = ['cocoa', 'coffee', 'tea', 'water']
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** The MCP server: a tool that asks back, and results that change. */
function poll(): Server {
  const server = new Server({ name: 'poll', version: '1.0.0' })
  const votes = new Map<string, number>()
  server.tool('vote', { description: 'Votes for a drink', input: Type.Object({ drink: Type.String() }) }, async ({ drink }, ctx) => {
    const form = Type.Object({ name: Type.String({ title: 'Your name' }) })
    const voter = await ctx.elicit('name', { message: `Who votes for ${drink}?`, schema: form })
    if (voter.action !== 'accept') return 'No vote'
    votes.set(drink, (votes.get(drink) ?? 0) + 1)
    server.resourceUpdated('poll://results')
    return `${voter.content.name} voted for ${drink}`
  })
  server.resource('results', { uri: 'poll://results', description: 'Votes by drink' }, () => Object.fromEntries(votes))
  const matching = (typed: string): string[] => DRINKS.filter(drink => drink.startsWith(typed))
  server.template('votes', { uri: 'poll://votes/{drink}', complete: { drink: matching } }, ({ drink }) => votes.get(String(drink)) ?? 0)
  return server
}

/** Serves it. The page is bundled as any bundler does it. */
export async function serve(port: number, conditions: string[] = []): Promise<{ url: string; server: Server; web: HttpServer }> {
  const { outputFiles } = await build({
    entryPoints: [here('page.ts')],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions,
    write: false,
  })
  const files = new Map([
    ['/', { type: 'text/html; charset=utf-8', body: await readFile(here('page.html'), 'utf8') }],
    ['/page.js', { type: 'text/javascript', body: outputFiles[0]?.text ?? '' }],
  ])
  const server = poll()
  const mcp = toNode(server)
  const web = createServer((req, res) => {
    const file = files.get(req.url?.split('?', 1)[0] ?? '')
    if (file === undefined) return mcp(req, res)
    res.writeHead(200, { 'Content-Type': file.type }).end(file.body)
  })
  web.on('upgrade', toUpgrade(server))
  await new Promise<void>(resolve => web.listen(port, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(web.address() as AddressInfo).port}/`, server, web }
}

if (process.argv[1] === here('server.ts')) console.log((await serve(3000)).url)
