/** The transport of a server that a client starts as a child process: standard input and output, one connection, one message to a line. */

import { checkOptions, MESSAGE_LIMIT_OPTIONS, type Transport } from '@oarlock/protocol'
import { StdioListener } from './listener.ts'
import { finishTimeoutOf, STDIO_OPTIONS, type StdioOptions } from './options.ts'

/** Inputs being served: two readers of one stream would each get half of it. */
const serving = new WeakSet<object>()

/**
 * Serves one client over standard input and output (or a pair of streams). The connection ends with the input: requests under way are
 * answered first. Nothing but messages reaches standard output meanwhile. No credentials travel here: they come from the environment.
 */
export function stdio(options: StdioOptions = {}): Transport {
  checkOptions(options, STDIO_OPTIONS, 'stdio()')
  checkOptions(options.limits, MESSAGE_LIMIT_OPTIONS, 'limits of stdio()')
  finishTimeoutOf(options)
  return {
    listen(service) {
      const input = options.input ?? process.stdin
      if (serving.has(input))
        throw new Error('This input is being served already: a process has one standard input, and it carries one connection')
      serving.add(input)
      return new StdioListener(service, input, options, () => void serving.delete(input))
    },
  }
}
