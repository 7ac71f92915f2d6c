/** Checks what tools answer by the same rules as what they are asked: the kernel's schemas, lent to the client. */

import { compileSchema, inspectSchema } from '@oarlock/kernel'
import type { Validate } from '@oarlock/client'

/**
 * Makes a check of an output schema that a server sent. Nothing is fetched, and no pattern may run away.
 * @throws TypeError for a schema that cannot be checked: an unknown dialect, a reference to the network, a dangerous pattern
 */
export const validate: Validate = schema => {
  const errors = inspectSchema(schema, 'output').filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new TypeError(errors.map(({ path, message }) => `${path} ${message}`).join('; '))
  const { check } = compileSchema(schema, { side: 'output' })
  return async value => {
    const checked = await check(value)
    return checked.ok ? undefined : checked.issues.map(({ path, message }) => `${path === '' ? 'it' : path} ${message}`)
  }
}
