/** A tool that searches logs, for models that reach for tools rather than resources. */

import { defineTool, ToolError, type Component, type Context } from '@oarlock/kernel'
import { Fault, LOGGING_LEVELS } from '@oarlock/protocol'
import { QUERY_NAMES, type QueryText } from './query.ts'

/** What the tool needs of its provider. */
export interface Searched {
  /** Names of the logs that the caller may read. */
  names(ctx: Context): readonly string[]
  /** One page. Throws Fault for what cannot be asked. */
  page(log: string, query: QueryText, ctx: Context): Promise<object>
}

const text = (description: string): object => ({ type: 'string', description })

/** Makes the tool. */
export function searchTool(name: string, { names, page }: Searched, most: number): Component {
  const input = {
    type: 'object',
    properties: {
      log: text('Which log. A wrong name is answered with the names there are'),
      level: { type: 'string', enum: [...LOGGING_LEVELS], description: 'Entries at least this severe' },
      component: text('The logger, program or module that wrote them'),
      since: text('2026-11-21T10:00:00Z, or 15m for a quarter of an hour ago'),
      until: text('As since'),
      text: text('Text they contain, in any case'),
      limit: { type: 'integer', minimum: 1, maximum: most },
      before: text('The cursor of an earlier answer, for older entries'),
    },
    required: ['log'],
    additionalProperties: false,
  }
  const options = {
    description: 'Searches logs. Of what fits, the newest entries are given, in the order of time: the newest last. Secrets are redacted.',
    input,
    annotations: { readOnlyHint: true },
  }
  const run = async (args: Readonly<Record<string, string | number>>, ctx: Context): Promise<object> => {
    const log = String(args['log'])
    const readable = names(ctx)
    if (!readable.includes(log)) throw new ToolError(`There is no log of that name. There are: ${readable.join(', ') || 'none'}`)
    const query = Object.fromEntries(QUERY_NAMES.flatMap(name => (args[name] === undefined ? [] : [[name, String(args[name])]])))
    try {
      return await page(log, query, ctx)
    } catch (error) {
      throw Fault.is(error) ? new ToolError(error.message) : error
    }
  }
  return defineTool(name, options, run)
}
