/** The client's end of the lines of stdio, over any pair of Node streams. */

import type { Readable, Writable } from 'node:stream'
import { LineDecoder, parse, type Connector, type Frame, type Link } from '@oarlock/protocol'

/** Connects over streams: reads lines from `input`, writes lines to `output`. For one connection. */
export function streamConnector(input: Readable, output: Writable): Connector {
  return {
    transport: 'stdio',
    target: 'streams',
    connect(receiver): Link {
      const lines = new LineDecoder()
      const emit = (line: string): void => receiver.receive(parse(line))
      const take = (chunk: Uint8Array): void => lines.push(chunk, emit)
      let open = true
      const end = (): void => {
        if (!open) return
        open = false
        input.off('data', take)
        lines.end(emit)
        receiver.closed()
      }
      input.on('data', take)
      input.once('end', end)
      return {
        send: (frame: Frame) => void output.write(`${frame.text}\n`),
        // The other side need not end its stream for that: it may be one that others write to as well.
        close: () => void output.end(end),
      }
    },
  }
}
