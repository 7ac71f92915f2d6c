/** The templates of a database, besides its queries. */

import type { SourceTemplate } from '../provider/contract.ts'
import type { Addresses } from './addresses.ts'
import { MOST_ROWS } from './pages.ts'

const LIMIT = {
  type: 'object',
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: MOST_ROWS, description: 'Rows of a page' },
    after: { type: 'string', description: 'From an earlier page' },
  },
} as const

/** For the schema, tables, their rows and single values. */
export function templatesOf(name: string, { schema, table, rows, cell }: Addresses): readonly SourceTemplate[] {
  const unscreened = ['table']
  const mimeType = 'application/json'
  return [
    {
      name: `${name}-schema`,
      uriTemplate: schema,
      title: 'Schema',
      description: 'Tables, views, their columns and row counts',
      mimeType,
      parts: true,
    },
    {
      name: `${name}-table`,
      uriTemplate: table.template,
      title: 'Table',
      description: 'Columns, keys, indexes and row count of a table or view',
      mimeType,
      unscreened,
    },
    {
      name: `${name}-rows`,
      uriTemplate: rows.template,
      title: 'Rows',
      description: 'Rows of a table or view, in pages',
      mimeType,
      parts: false,
      params: LIMIT,
      unscreened,
    },
    {
      name: `${name}-value`,
      uriTemplate: cell.template,
      title: 'Value',
      description: 'One value that is too large for a page of rows',
      unscreened: [...unscreened, 'column'],
    },
  ]
}
