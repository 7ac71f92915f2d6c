/** `ctx.log`: the eight levels as methods. */

import type { LoggingLevel } from '@oarlock/protocol'
import type { CallLog } from './context.ts'

/** Takes one log message. */
type Write = (level: LoggingLevel, data: unknown, logger: string | undefined) => void

/** A log whose messages all go to one function. */
export class WritingLog implements CallLog {
  readonly #write: Write

  constructor(write: Write) {
    this.#write = write
  }

  log(level: LoggingLevel, data: unknown, logger?: string): void {
    this.#write(level, data, logger)
  }
  debug(data: unknown, logger?: string): void {
    this.#write('debug', data, logger)
  }
  info(data: unknown, logger?: string): void {
    this.#write('info', data, logger)
  }
  notice(data: unknown, logger?: string): void {
    this.#write('notice', data, logger)
  }
  warning(data: unknown, logger?: string): void {
    this.#write('warning', data, logger)
  }
  error(data: unknown, logger?: string): void {
    this.#write('error', data, logger)
  }
  critical(data: unknown, logger?: string): void {
    this.#write('critical', data, logger)
  }
  alert(data: unknown, logger?: string): void {
    this.#write('alert', data, logger)
  }
  emergency(data: unknown, logger?: string): void {
    this.#write('emergency', data, logger)
  }
}
