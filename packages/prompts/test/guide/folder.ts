/** The folder of prompts that the guide shows, and the completer that they name. */
import { fileURLToPath } from 'node:url'

export const FOLDER = fileURLToPath(new URL('prompts', import.meta.url))

export const completers = { customers: (typed: string) => ['Ann', 'Bob'].filter(name => name.startsWith(typed)) }
