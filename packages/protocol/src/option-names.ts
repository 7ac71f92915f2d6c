/** Options that do not exist are refused: a misspelt `authenticate` must not leave a server open. */

import { nearest } from './nearest.ts'

/** Every name that `T` has, the optional ones included: a table of this type that misses one does not compile. */
export type OptionNames<T> = Readonly<Record<keyof T, true>>

/**
 * Refuses what is no option, for those who write without types.
 * @param known the names that there are, as an `OptionNames` next to the type of the options
 * @param of what they are options of, for the error: `http()`
 * @throws TypeError naming the stranger, and the option that was probably meant
 */
export function checkOptions(given: object | undefined, known: Readonly<Record<string, true>>, of: string): void {
  if (given === undefined) return
  if (typeof given !== 'object' || given === null) throw new TypeError(`The options of ${of} must be an object`)
  const stranger = Object.keys(given).find(key => !Object.hasOwn(known, key))
  if (stranger !== undefined) throw new TypeError(`'${stranger}' is no option of ${of}.${nearest(stranger, Object.keys(known))}`)
}
