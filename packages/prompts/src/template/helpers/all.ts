/** All built-in helpers. */

import type { Builtin } from '../builtin.ts'
import { FLOW } from './flow.ts'
import { ROLES } from './roles.ts'

export const BUILTINS: readonly Builtin[] = [...FLOW, ...ROLES]
