/** All built-in helpers. */

import type { Builtin } from '../builtin.ts'
import { CONTENT } from './content.ts'
import { DATES } from './dates.ts'
import { FLOW } from './flow.ts'
import { LISTS } from './lists.ts'
import { LOGIC } from './logic.ts'
import { NUMBERS } from './numbers.ts'
import { ROLES } from './roles.ts'
import { WORDS } from './words.ts'

export const BUILTINS: readonly Builtin[] = [...FLOW, ...LOGIC, ...WORDS, ...LISTS, ...NUMBERS, ...DATES, ...ROLES, ...CONTENT]
