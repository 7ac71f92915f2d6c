/** As much of better-sqlite3 as the tests use; it has no types of its own. */

declare module 'better-sqlite3' {
  export default class Database {
    constructor(path: string)
    prepare(sql: string): { all(): readonly unknown[] }
    exec(sql: string): this
    close(): this
  }
}

declare module 'better-sqlite3-12' {
  export { default } from 'better-sqlite3'
}
