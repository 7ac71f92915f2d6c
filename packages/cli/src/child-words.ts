/** What a server that `oarlock call` starts writes to its standard error, told once. */

/**
 * Keeps lines back until it is known whether the server can be spoken with: to find that out it may be started a second time, and what
 * prevents it is then said again, word by word.
 */
export class ChildWords {
  readonly #held: string[] = []
  #released = false

  add(line: string): void {
    if (this.#released) process.stderr.write(`${line}\n`)
    else this.#held.push(line)
  }

  /** Tells what was kept back, and whatever comes from now on at once. Returns whether there was anything. */
  release(): boolean {
    this.#released = true
    const lines = once(this.#held)
    if (lines.length > 0) process.stderr.write(`${lines.join('\n')}\n`)
    return lines.length > 0
  }
}

/** Half of what was said twice. */
function once(lines: readonly string[]): readonly string[] {
  const half = lines.slice(lines.length / 2)
  return half.length * 2 === lines.length && half.every((line, index) => line === lines[index]) ? half : lines
}
