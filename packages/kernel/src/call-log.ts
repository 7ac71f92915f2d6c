/** `ctx.log`: the eight levels as methods. */

import type { LoggingLevel } from '@oarlock/protocol'
import type { CallLog } from './context.ts'

/** Where log messages go. */
interface Writer {
  write(level: LoggingLevel, data: unknown, logger: string | undefined): void
}

/** A log whose messages all go to one place. */
export class WritingLog implements CallLog {
  readonly #to: Writer

  constructor(to: Writer) {
    this.#to = to
  }

  log(level: LoggingLevel, data: unknown, logger?: string): void {
    this.#to.write(level, data, logger)
  }
  debug(data: unknown, logger?: string): void {
    this.#to.write('debug', data, logger)
  }
  info(data: unknown, logger?: string): void {
    this.#to.write('info', data, logger)
  }
  notice(data: unknown, logger?: string): void {
    this.#to.write('notice', data, logger)
  }
  warning(data: unknown, logger?: string): void {
    this.#to.write('warning', data, logger)
  }
  error(data: unknown, logger?: string): void {
    this.#to.write('error', data, logger)
  }
  critical(data: unknown, logger?: string): void {
    this.#to.write('critical', data, logger)
  }
  alert(data: unknown, logger?: string): void {
    this.#to.write('alert', data, logger)
  }
  emergency(data: unknown, logger?: string): void {
    this.#to.write('emergency', data, logger)
  }
}
