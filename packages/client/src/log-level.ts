/** Which log messages a client wants: asked for on each connection anew. */

import type { LoggingLevel } from '@oarlock/protocol'
import type { Connection } from './connection.ts'
import { announce } from './events.ts'

/** Asks for them on a connection that was just opened. A server without log messages is no reason not to talk to it. */
export async function startLog(connection: Connection, level: LoggingLevel): Promise<void> {
  try {
    await connection.talk?.setLogLevel(level, {})
  } catch (cause) {
    announce(connection.host.events, 'warning.reported', { message: `The server does not send log messages of level ${level}`, cause })
  }
}
