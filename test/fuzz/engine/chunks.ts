/** The same bytes as they might arrive: at once, one by one, and in pieces of any length. */
export function chunkings(input: Uint8Array): readonly (readonly Uint8Array[])[] {
  return [
    [input],
    pieces(input, () => 1),
    pieces(input, at => 1 + ((input[at] as number) % 7)),
    pieces(input, at => ((input[at] as number) % 3) * 16),
  ]
}

function pieces(input: Uint8Array, lengthAt: (at: number) => number): readonly Uint8Array[] {
  const made: Uint8Array[] = []
  for (let at = 0; at < input.length;) {
    const length = lengthAt(at)
    made.push(input.slice(at, at + length))
    at += length
    // An empty chunk, and then the byte.
    if (length === 0) made.push(input.slice(at, (at += 1)))
  }
  return made
}
