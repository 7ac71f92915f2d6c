/** The last lines a process wrote to its standard error, for the message when it ends. */

import { stripVTControlCharacters } from 'node:util'
import { excerpt } from '@oarlock/protocol'

const LINES = 12
const LENGTH = 400

/** Keeps the newest lines, cut to a length that can be shown. */
export class LastWords {
  readonly #lines: string[] = []

  add(line: string): void {
    this.#lines.push(excerpt(line, LENGTH))
    if (this.#lines.length > LINES) this.#lines.shift()
  }

  /** Without control characters: what a child wrote must not be able to fake lines of a log, or colour a terminal (T28). */
  get lines(): readonly string[] {
    // oxlint-disable-next-line no-control-regex -- control characters are what it is about
    return this.#lines.map(line => stripVTControlCharacters(line).replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, ' '))
  }
}
