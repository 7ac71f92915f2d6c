/** The server under test, a program that is spoken to over stdio. */

import { Server, stdio, Type } from 'oarlock'

const server = new Server({ name: 'clock', version: '1.0.0' })
server.tool('wait', { description: 'Counts to n', input: Type.Object({ n: Type.Integer() }) }, async function* ({ n }) {
  for (let i = 1; i <= n; i++) yield { progress: i, total: n }
  return `waited ${n + (process.env['CLOCK_BUG'] === undefined ? 0 : 1)}`
})
server.tool('complain', { description: 'Writes to stderr' }, () => {
  console.error('somebody complained')
  return 'ok'
})
console.error('the clock ticks')
await server.listen(stdio())
