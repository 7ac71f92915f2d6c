/** The guide: a prompt that extends another, which extends a layout. */
import { fileURLToPath } from 'node:url'
import { prompts } from '@oarlock/prompts'

export const registry = prompts({ folder: fileURLToPath(new URL('letters', import.meta.url)) })
