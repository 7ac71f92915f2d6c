/** Loaded before a program that we did not write (`--import`): it listens on the loopback interface only, on a port that is free or given in LOOPBACK_PORT, and says where. */
import { Server } from 'node:net'

const listen = Server.prototype.listen

Server.prototype.listen = function (...args) {
  this.once('listening', () => console.log(`listens at http://127.0.0.1:${this.address().port}`))
  return listen.call(
    this,
    { port: Number(process.env.LOOPBACK_PORT ?? 0), host: '127.0.0.1' },
    ...args.filter(arg => typeof arg === 'function'),
  )
}
