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
      input.on('data', (chunk: Uint8Array) => lines.push(chunk, emit))
      input.once('end', () => (lines.end(emit), receiver.closed()))
      return {
        send: (frame: Frame) => void output.write(`${frame.text}\n`),
        close: () => void output.end(),
      }
    },
  }
}
