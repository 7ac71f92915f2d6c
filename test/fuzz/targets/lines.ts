/**
 * Lines of stdio. Whatever the bytes and however they are cut: the decoder tells the same, in the same order; a line has no newline, is not
 * blank and not too long; nothing is thrown; and the lines, written again, are read the same.
 */
import * as assert from 'node:assert/strict'
import { LineDecoder } from '@oarlock/protocol'
import { chunkings } from '../engine/chunks.ts'

export const words = ['\n', '\r\n', '\xef\xbb\xbf', '\xe2\x82\xac', '\xf0\x9f\x98\x80', '{}']

const MAX_BYTES = 64

export function fuzz(input: Buffer): void {
  const [whole = [], ...others] = chunkings(input).map(told)
  for (const other of others) assert.deepEqual(other, whole)
  const lines = whole.filter(each => typeof each === 'string')
  for (const line of lines) {
    assert.ok((!line.includes('\n') && line.trim() !== '') || /[^\s]|[^ \t]/.test(line))
    assert.ok(Buffer.byteLength(line) <= MAX_BYTES)
  }
  const again = lines.filter(line => !line.startsWith('\ufeff') && !line.endsWith('\r'))
  assert.deepEqual(told([Buffer.from(again.map(line => `${line}\n`).join(''))]), again)
}

/** Lines, and what was told of those that were none. */
function told(chunks: readonly Uint8Array[]): (string | { readonly tooLong: number } | { readonly invalid: number })[] {
  const all: ReturnType<typeof told> = []
  const decoder = new LineDecoder({
    maxBytes: MAX_BYTES,
    onTooLong: tooLong => all.push({ tooLong }),
    onInvalid: invalid => all.push({ invalid }),
  })
  for (const chunk of chunks) {
    const own = Uint8Array.from(chunk)
    decoder.push(own, line => all.push(line))
    // The chunk belongs to the caller, who may use it for something else.
    own.fill(0x0a)
  }
  decoder.end(line => all.push(line))
  return all
}
