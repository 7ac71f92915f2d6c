/** One server on one port, over HTTP and WebSocket, for clients with a token. `node server.ts`; it says where it listens, and ends with SIGTERM. */

import { bearer, http, Server, toUpgrade, Type } from 'oarlock'

const TOKENS = new Map([['ada-s-token', 'ada']])

// #region authenticate
const authenticate = bearer(token => {
  const id = TOKENS.get(token)
  return id === undefined ? undefined : { id }
})
// #endregion

const server = new Server({ name: 'score', version: '1.0.0' })
const scores = new Map<string, number>()

server.tool('score', { description: 'Score points', input: Type.Object({ points: Type.Integer() }) }, ({ points }, ctx) => {
  const who = ctx.principal?.id ?? 'nobody'
  scores.set(who, (scores.get(who) ?? 0) + points)
  server.resourceUpdated('score://board')
  return `${who} has ${scores.get(who)}`
})

server.resource('board', { uri: 'score://board', description: 'Everybody and their points' }, () => Object.fromEntries(scores))

// #region listen
const upgrade = toUpgrade(server, { authenticate })
const [listener] = await server.listen(http({ port: Number(process.env['PORT'] ?? 3000), authenticate, upgrade }))
// #endregion

console.log(listener?.address)
process.once('SIGTERM', () => void server.close())
