/** The service that every contender offers: what is asked of it, and what it has to answer. */

/** Five properties, as tools of real servers have. */
const PROPERTIES = {
  path: { type: 'string', description: 'Path of the file, from the root of the project' },
  pattern: { type: 'string', description: 'Regular expression to look for' },
  limit: { type: 'integer', minimum: 1, maximum: 1000, description: 'Most results' },
  recursive: { type: 'boolean', description: 'Whether to look into folders' },
  mode: { type: 'string', enum: ['fast', 'exact', 'fuzzy'], description: 'How to match' },
} as const

/** How many tools there are besides `echo`, `add` and `steps`. */
export const MORE_TOOLS = Number(process.env['BENCH_TOOLS'] ?? 100)

export interface PlainTool {
  readonly name: string
  readonly description: string
  readonly inputSchema: object
  readonly outputSchema?: object
}

export const ECHO: PlainTool = {
  name: 'echo',
  description: 'Says what it was told',
  inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
}

export const ADD: PlainTool = {
  name: 'add',
  description: 'Adds two numbers',
  inputSchema: { type: 'object', properties: { a: { type: 'number' }, b: { type: 'number' } }, required: ['a', 'b'] },
  outputSchema: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] },
}

/** Reports progress once, and answers a tick later: over HTTP, the answer that needs an event stream. */
export const STEPS: PlainTool = { name: 'steps', description: 'Reports progress once', inputSchema: { type: 'object', properties: {} } }

/** The tools that nobody calls here: they are listed, and make the catalog as wide as a real one. */
export const MORE: readonly PlainTool[] = Array.from({ length: MORE_TOOLS }, (_, index) => ({
  name: `search_${index}`,
  description: `Searches collection ${index} and returns what matches`,
  inputSchema: { type: 'object', properties: PROPERTIES, required: ['path', 'pattern'] },
}))

export const TOOLS: readonly PlainTool[] = [ECHO, ADD, STEPS, ...MORE]

/** Ten KiB of text. */
export const DOCUMENT = 'The quick brown fox jumps over it. '.repeat(300).slice(0, 10_240)
export const DOCUMENT_URI = 'note://document'

export const TEMPLATE = 'note://day/{day}'
export const dayText = (day: string): string => `On ${day} it rained.`

export const promptText = (code: string): string => `Review this code:\n${code}`
