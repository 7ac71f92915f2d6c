/** The words of SQL that the gate has to know by their place. */

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter(word => word !== ''))

/** Words that stand before a parenthesis without being a call. */
export const NO_CALL = words(`
  select distinct all from where on using and or not in exists any some is null like ilike similar to between case when then else
  values as union intersect except having by over filter within group limit offset with recursive materialized lateral join partition order
  rows range groups preceding following escape collate sets rollup cube set
  numeric decimal varchar char character varying bit float double precision time zone nchar national dec
  isnull notnull regexp glob match over window cast
`)

/** Words that no statement may hold unquoted: what writes, locks or leaves the query. */
export const FORBIDDEN = words(`
  insert update delete merge into returning attach detach pragma vacuum copy truncate create drop alter grant revoke procedure execute raise
`)

/** Words that end a FROM clause. */
export const AFTER_FROM = words('where group having window order limit offset fetch union intersect except')

/** Words that combine queries. */
export const SET_OPERATORS = words('union intersect except')

/** Words around JOIN. */
export const JOINS = words('natural inner left right full outer cross join')

/** Words that are no alias. */
export const NO_ALIAS = new Set([
  ...AFTER_FROM,
  ...JOINS,
  ...words('on using as lateral select values with tablesample indexed not for from set'),
])

/** Functions whose arguments hold the words FROM or FOR. */
export const WORDY = words('extract trim substring overlay position')
