/** What the compiler says in the standard dialect only. Nothing here runs. */
import { Guard, Tool } from '@oarlock/decorators'
import { Type } from 'typebox'

const Add = Type.Object({ a: Type.Number() })

export class Standard {
  @Guard({}) @Tool({ input: Add }) #accepted({ a }: { a: number }) {
    return a
  }
  // @ts-expect-error a is a number
  @Tool({ input: Add }) #refused({ a }: { a: string }) {
    return a
  }
  // @ts-expect-error not an accessor
  @Tool() accessor total = 1
  // @ts-expect-error without input there are no arguments
  @Tool() none(args: { a: number }) {
    return args
  }
  used() {
    return [this.#accepted, this.#refused]
  }
}
