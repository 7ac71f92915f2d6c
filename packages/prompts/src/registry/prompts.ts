/** `prompts({ folder })`: the everyday way to a registry. */

import type { RegistryOptions } from './options.ts'
import { PromptRegistry } from './registry.ts'

/**
 * A registry of prompts, to be offered to a server:
 *
 *     server.offer(prompts({ folder: 'prompts', watch: process.env.NODE_ENV === 'development' }))
 *
 * Offering it reads the folder and throws InvalidPrompts with every problem of every file, each with its line.
 */
export function prompts(options: RegistryOptions = {}): PromptRegistry {
  return new PromptRegistry(options)
}
