/** Questions to the person at the terminal, one after the other. */

import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { displayText } from 'oarlock/client'
import { forTerminal } from '../print.ts'

/** Where somebody reads and types. */
export interface Terminal {
  readonly input: Readable
  readonly output: Writable
}

/** The terminal of this process; undefined where nobody sits at one. Standard output is left to the result. */
export function terminal(): Terminal | undefined {
  return process.stdin.isTTY && process.stderr.isTTY ? { input: process.stdin, output: process.stderr } : undefined
}

/** One conversation with the person. Lines that are typed ahead are kept. */
export class Dialogue {
  readonly #output: Writable
  readonly #lines: string[] = []
  readonly #reader: ReturnType<typeof createInterface>
  #over = false
  #wake: () => void = () => undefined

  /** Converses, and gives the terminal back. @param signal ends it: nobody wants the answer any more */
  static async with<T>(at: Terminal, signal: AbortSignal, work: (dialogue: Dialogue) => Promise<T>): Promise<T> {
    const dialogue = new Dialogue(at, signal)
    try {
      return await work(dialogue)
    } finally {
      dialogue.#reader.close()
    }
  }

  private constructor({ input, output }: Terminal, signal: AbortSignal) {
    this.#output = output
    this.#reader = createInterface({ input, output, terminal: 'isTTY' in input && input.isTTY === true })
    this.#reader.on('line', line => {
      this.#lines.push(line)
      this.#wake()
    })
    // Ctrl-D and Ctrl-C.
    this.#reader.once('close', () => {
      this.#over = true
      this.#wake()
    })
    if (signal.aborted) this.#reader.close()
    else signal.addEventListener('abort', () => this.#reader.close(), { once: true })
  }

  /** Shows text, whoever wrote it. */
  say(text: string): void {
    this.#output.write(`${shown(text)}\n`)
  }

  /** The next line, trimmed; undefined when the person ended the conversation. */
  async ask(question: string): Promise<string | undefined> {
    this.#reader.setPrompt(shown(question))
    if (!this.#over) this.#reader.prompt()
    while (this.#lines.length === 0 && !this.#over) {
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
    const line = this.#lines.shift()
    // What follows begins a line of its own.
    if (line === undefined) this.#output.write('\n')
    return line?.trim()
  }

  /** Yes or no; an empty line is `otherwise`. Asked again until it is one of them. */
  async confirm(question: string, otherwise: boolean): Promise<boolean | undefined> {
    for (;;) {
      const said = await this.ask(`${question} [${otherwise ? 'Y/n' : 'y/N'}] `)
      if (said === undefined) return undefined
      const word = said === '' ? otherwise : YES_OR_NO.get(said.toLowerCase())
      if (word !== undefined) return word
      this.say('Yes or no?')
    }
  }
}

/** Words for yes and no. */
export const YES_OR_NO: ReadonlyMap<string, boolean> = new Map([
  ['y', true],
  ['yes', true],
  ['true', true],
  ['n', false],
  ['no', false],
  ['false', false],
])

/** What hides in a text does so in a terminal too, and may do more there (T28, T31). */
function shown(text: string): string {
  return forTerminal(displayText(text, 10_000))
}
