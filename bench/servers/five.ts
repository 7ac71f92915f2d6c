/** The five properties of most tools, for peers that want them in zod's words. */
import { z } from 'zod'

export const five = z.object({
  path: z.string().describe('Path of the file, from the root of the project'),
  pattern: z.string().describe('Regular expression to look for'),
  limit: z.number().int().min(1).max(1000).optional().describe('Most results'),
  recursive: z.boolean().optional().describe('Whether to look into folders'),
  mode: z.enum(['fast', 'exact', 'fuzzy']).optional().describe('How to match'),
})
