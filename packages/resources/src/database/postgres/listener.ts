/** Follows a channel of PostgreSQL's NOTIFY over a connection of its own, which comes back after it was cut. */

import type { Client } from 'pg'
import { checkOptions, isObject, type OptionNames } from '@oarlock/protocol'
import { quoteName } from '../gate/lexer.ts'
import type { ChangedTable } from '../port.ts'

const TABLE: OptionNames<ChangedTable> = { schema: true, table: true }

const FIRST_WAIT_MS = 250
const LONGEST_WAIT_MS = 30_000

/**
 * Listens until the returned function is called. After a cut connection is back, `changed` is called without a table: what happened in between nobody
 * knows.
 */
export async function listen(
  open: () => Promise<Client>,
  channel: string,
  changed: (table?: ChangedTable) => void,
  failed: (cause: unknown) => void,
): Promise<() => void> {
  let client: Client | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  let waitMs = FIRST_WAIT_MS
  let wasOn = false

  const lost = (which: Client | undefined, cause: unknown): void => {
    if (over || which !== client) return
    client = undefined
    which?.end().catch(() => {})
    failed(cause)
    timer = setTimeout(() => void start(), waitMs * (0.75 + Math.random() / 2))
    timer.unref()
    waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
  }

  const start = async (): Promise<void> => {
    let fresh: Client | undefined
    try {
      const opened = await open()
      fresh = opened
      client = opened
      if (over) return void opened.end().catch(() => {})
      opened.on('error', cause => lost(opened, cause))
      opened.on('end', () => lost(opened, new Error('the connection that listens was closed')))
      opened.on('notification', ({ payload }) => changed(tableOf(payload)))
      await opened.query(`LISTEN ${quoteName(channel)}`)
      waitMs = FIRST_WAIT_MS
      if (wasOn) changed()
      wasOn = true
    } catch (cause) {
      lost(fresh, cause)
    }
  }

  await start()
  return () => {
    over = true
    clearTimeout(timer)
    client?.end().catch(() => {})
  }
}

/** `{ "schema": …, "table": … }`, as the trigger writes it. Any other payload names no table. */
function tableOf(payload: string | undefined): ChangedTable | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(payload ?? '')
  } catch {
    return undefined
  }
  if (!isObject(parsed) || typeof parsed['table'] !== 'string') return undefined
  const { table, schema } = parsed
  return typeof schema === 'string' ? { table, schema } : { table }
}

/**
 * The SQL that makes a table tell its changes, to be run once by its owner: a trigger that fires once for each statement, whatever the number of rows.
 * Name the table with its schema: `{ schema: 'public', table: 'books' }`.
 */
export function changeTrigger(changed: ChangedTable, channel = 'oarlock'): string {
  checkOptions(changed, TABLE, 'changeTrigger()')
  const { schema = 'public', table } = changed
  const target = `${quoteName(schema)}.${quoteName(table)}`
  return `CREATE OR REPLACE FUNCTION ${quoteName(schema)}."oarlock_changed"() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM pg_notify(TG_ARGV[0], json_build_object('schema', TG_TABLE_SCHEMA, 'table', TG_TABLE_NAME)::text);
  RETURN NULL;
END $body$;
DROP TRIGGER IF EXISTS "oarlock_changed" ON ${target};
CREATE TRIGGER "oarlock_changed" AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON ${target}
  FOR EACH STATEMENT EXECUTE FUNCTION ${quoteName(schema)}."oarlock_changed"('${channel.replaceAll("'", "''")}');
`
}
