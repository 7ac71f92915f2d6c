/** One server as a child process on standard input and output, and on a port at the same time. */
import { http } from '@oarlock/http'
import { stdio } from '@oarlock/stdio'
import { interopServer } from './server.ts'

const server = interopServer()
const [, listener] = await server.listen(stdio(), http({ port: 0 }))
let gone = 0
server.on('session.closed', () => void gone++)
server.tool('address', { description: 'Where the server is besides' }, () => listener?.address)
server.tool('gone', { description: 'How many sessions ended' }, () => gone)
