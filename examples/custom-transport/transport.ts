/** A transport of one's own: newline-delimited JSON over a Unix domain socket. Below is all of it, for servers and for clients. */

import { once } from 'node:events'
import { chmod } from 'node:fs/promises'
import { createConnection, createServer, type Socket } from 'node:net'
import { bareHead, Fault, type Frame, LineDecoder, type Link, parse } from '@oarlock/protocol'
import type { Connector, Incoming, Listener, Receiver, Service, Transport } from '@oarlock/protocol'

const MAX_BYTES = 4 * 1024 * 1024

// #region server
/** Serves every client that opens the socket at `path`. Only this user may. */
export function unixSocket(path: string): Transport {
  return {
    async listen(service: Service): Promise<Listener> {
      const sockets = new Set<Socket>()
      const server = createServer(socket => {
        sockets.add(socket)
        socket.once('close', () => sockets.delete(socket))
        deliver(socket, service.connect(new SocketLink(socket), bareHead('unix')))
      })
      server.listen(path)
      await once(server, 'listening')
      await chmod(path, 0o600)
      return {
        address: path,
        stop: () => void server.close(),
        async close() {
          for (const socket of sockets) socket.destroySoon()
          setTimeout(() => sockets.forEach(socket => socket.destroy()), 1000).unref()
          if (server.listening) server.close()
          await Promise.all([...sockets].map(socket => once(socket, 'close')))
        },
      }
    },
  }
}
// #endregion

// #region client
/** Connects to the socket at `path`: once for each call of `connect`. */
export function unixConnector(path: string): Connector {
  return {
    transport: 'unix',
    target: path,
    async connect(receiver: Receiver, signal?: AbortSignal): Promise<Link> {
      const socket = createConnection(path)
      try {
        await once(socket, 'connect', signal === undefined ? {} : { signal })
      } catch (error) {
        socket.destroy()
        throw error
      }
      deliver(socket, receiver)
      return new SocketLink(socket)
    },
  }
}
// #endregion

// #region link
/** What goes out: one line for each message. */
class SocketLink implements Link {
  readonly #socket: Socket
  #drained: Promise<void> | undefined

  constructor(socket: Socket) {
    this.#socket = socket
  }

  send(frame: Frame): void | Promise<void> {
    if (!this.#socket.writable || this.#socket.write(`${frame.text}\n`)) return
    // Whoever has much to send waits until the other side has read.
    this.#drained ??= new Promise(resolve => {
      const go = (): void => {
        this.#drained = undefined
        this.#socket.off('drain', go).off('close', go)
        resolve()
      }
      this.#socket.on('drain', go).on('close', go)
    })
    return this.#drained
  }

  close(): void {
    this.#socket.destroySoon()
  }
}
// #endregion

// #region receiver
/** What comes in: every line is a message, and what is none is told to the receiver as such. */
function deliver(socket: Socket, receiver: Receiver): void {
  let broken: Error | undefined
  const invalid = (fault: Fault): void => receiver.receive({ kind: 'invalid', fault, id: undefined } satisfies Incoming)
  const lines = new LineDecoder({
    maxBytes: MAX_BYTES,
    onTooLong: () => invalid(new Fault('TOO_LARGE')),
    onInvalid: () => invalid(new Fault('PARSE_ERROR')),
  })
  const line = (text: string): void => receiver.receive(parse(text))
  socket.on('data', chunk => lines.push(chunk, line))
  socket.on('end', () => lines.end(line))
  socket.on('error', error => (broken = error))
  socket.on('close', () => receiver.closed(broken))
}
// #endregion
