/** Finds a time in a file whose entries are about in order, without reading all of it. */

import type { FileHandle } from 'node:fs/promises'
import { readAt } from '../read-at.ts'
import type { LogFormat } from './format/format.ts'

const BLOCK_BYTES = 64 * 1024
/** What is nearer than this is read, not sought. */
const NEAR_BYTES = 256 * 1024

/** Where a line begins behind which every entry is later than `time`; at most `end`. Reads a few blocks, whatever the size. */
export async function offsetAfter(file: FileHandle, end: number, time: number, format: LogFormat): Promise<number> {
  let low = 0
  let high = end
  while (high - low > NEAR_BYTES) {
    const middle = low + Math.floor((high - low) / 2)
    const found = await firstTime(file, middle, format)
    if (found === undefined) break
    if (found.time > time) high = Math.min(high, found.offset)
    else low = middle
  }
  return high
}

/** The first entry with a time that begins in the block behind a place. */
async function firstTime(
  file: FileHandle,
  position: number,
  format: LogFormat,
): Promise<{ readonly time: number; readonly offset: number } | undefined> {
  const block = await readAt(file, position, BLOCK_BYTES)
  let start = block.indexOf(0x0a) + 1
  for (let end = block.indexOf(0x0a, start); start > 0 && end !== -1; end = block.indexOf(0x0a, start)) {
    const time = format.parse(block.toString('utf8', start, end).trimEnd())?.time
    if (time !== undefined) return { time, offset: position + start }
    start = end + 1
  }
  return undefined
}
