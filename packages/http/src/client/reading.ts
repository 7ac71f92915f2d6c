/** Reads response bodies, within bounds: a whole text, or events one by one. */

import { SseParser, TooLarge, type ReceivedSseEvent } from '@oarlock/protocol'

/** The text of a body. @throws TooLarge when it is longer than `limit` bytes */
export async function readText(response: Response, limit: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  await eachChunk(response, chunk => {
    size += chunk.byteLength
    if (size > limit) throw new TooLarge(`The answer has more than ${limit} bytes`, limit)
    text += decoder.decode(chunk, { stream: true })
  })
  return text + decoder.decode()
}

/** The beginning of a body, for an error text. Never fails. */
export async function readSome(response: Response, limit: number): Promise<string> {
  try {
    return await readText(response, limit)
  } catch {
    return ''
  }
}

/**
 * Reads events until the stream ends. What was learned for resuming is on the parser, also after a failure.
 * @throws TooLarge, or what broke the stream
 */
export function readEvents(response: Response, parser: SseParser): Promise<void> {
  return eachChunk(response, chunk => parser.push(chunk))
}

/** A parser that hands on messages: events of the type `message` that have data. */
export function messageParser(limit: number, take: (text: string) => void): SseParser {
  return new SseParser((event: ReceivedSseEvent) => {
    if (event.data !== '' && event.event === 'message') take(event.data)
  }, limit)
}

async function eachChunk(response: Response, take: (chunk: Uint8Array) => void): Promise<void> {
  const reader = response.body?.getReader()
  if (reader === undefined) return
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) take(piece.value)
  } catch (cause) {
    void reader.cancel(cause).catch(() => {})
    throw cause
  }
}
