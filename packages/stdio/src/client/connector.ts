/** Connects to a server by starting it. */

import { checkOptions, MESSAGE_LIMIT_OPTIONS, type Connector } from '@oarlock/protocol'
import { describe } from './describe.ts'
import { ChildLink } from './link.ts'
import { killAfterOf, STDIO_CONNECTOR_OPTIONS, type StdioConnectorOptions } from './options.ts'
import { start } from './start.ts'

/**
 * Starts a server's process for each connection and speaks with it over its standard streams. The command comes from whoever configures the
 * client, never from the network: starting it is running it (T18). Connecting again after the process ended starts another.
 */
export function stdioConnector(options: StdioConnectorOptions): Connector {
  checkOptions(options, STDIO_CONNECTOR_OPTIONS, 'stdioConnector()')
  checkOptions(options.limits, MESSAGE_LIMIT_OPTIONS, 'limits of stdioConnector()')
  killAfterOf(options)
  return {
    transport: 'stdio',
    target: describe(options.command, options.args),
    connect: async (receiver, signal) => new ChildLink(await start(options, signal), receiver, options),
  }
}
