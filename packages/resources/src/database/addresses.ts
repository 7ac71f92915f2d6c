/** The URIs of a database. */

import { Address } from '../provider/address.ts'

/** Where everything stands. */
export class Addresses {
  readonly schema: string
  readonly table: Address
  readonly rows: Address
  readonly cell: Address
  readonly #tables: string

  /** @param root what all URIs begin with */
  constructor(root: string) {
    this.schema = `${root}/schema`
    this.#tables = `${root}/tables/`
    // A table may be called `../x`: what is read is looked up among the tables there are.
    const unscreened = ['table']
    this.table = new Address(`${root}/tables/{table}`, true, unscreened)
    this.rows = new Address(`${root}/tables/{table}/rows{?after,limit}`, false, unscreened)
    this.cell = new Address(`${root}/tables/{table}/cell{?key,column}`, true, unscreened)
  }

  /** The table that a URI is about; undefined for the schema and for queries. */
  tableOf(uri: string): string | undefined {
    if (!uri.startsWith(this.#tables)) return undefined
    for (const address of [this.table, this.rows, this.cell]) {
      const table = address.read(uri)?.variables['table']
      if (typeof table === 'string') return table
    }
    return undefined
  }

  /** The URIs that must be allowed with this one: without what is asked of it, and the table it is about. */
  above(uri: string): readonly string[] {
    const plain = uri.includes('?') ? [uri.slice(0, uri.indexOf('?'))] : []
    const table = this.tableOf(uri)
    return table === undefined ? plain : [...plain, this.table.uri({ table })]
  }
}
