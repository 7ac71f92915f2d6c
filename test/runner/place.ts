/** Where the repository and its compiler are. */
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')
export const TSC = `${ROOT}/node_modules/typescript/bin/tsc`
