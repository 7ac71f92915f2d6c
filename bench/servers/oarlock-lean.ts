/** Oarlock over stdio, by the doors of the two packages that this needs instead of the one for everything. */
import { Server } from 'oarlock/kernel'
import { stdio } from 'oarlock/stdio'
import { offer } from './offer.ts'

const server = new Server({ name: 'bench', version: '1.0.0', pageSize: 20_000 })
offer(server)
await server.listen(stdio())
