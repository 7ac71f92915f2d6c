/** The functions that a statement may call: those that read their arguments and nothing else. */

import type { Dialect } from './lexer.ts'

const words = (text: string): readonly string[] => text.split(/\s+/).filter(word => word !== '')

const COMMON = words(`
  abs ceil ceiling floor round trunc sign sqrt exp ln log power pow mod pi sin cos tan asin acos atan atan2 sinh cosh tanh degrees radians random
  lower upper length char_length character_length octet_length trim ltrim rtrim substr substring replace concat concat_ws
  coalesce nullif count sum avg min max
  row_number rank dense_rank percent_rank cume_dist ntile lag lead first_value last_value nth_value
  date time
`)

const SQLITE = words(`
  iif if ifnull instr hex unhex quote typeof unicode char total group_concat string_agg median percentile percentile_cont percentile_disc
  likelihood likely unlikely glob like log2 log10 acosh asinh atanh
  datetime julianday strftime unixepoch timediff
  json json_array json_array_length json_extract json_error_position json_object json_type json_valid json_quote json_group_array json_group_object
  json_each json_tree json_pretty json_patch json_remove json_set json_insert json_replace
  jsonb jsonb_array jsonb_extract jsonb_object jsonb_group_array jsonb_group_object jsonb_each jsonb_tree
  bm25 highlight snippet match rtreecheck offsets matchinfo
  generate_series subtype soundex
`)

const POSTGRES = words(`
  position overlay btrim initcap left right reverse strpos split_part translate starts_with ascii chr md5 sha224 sha256 sha384 sha512 encode decode
  format_type pg_typeof quote_ident quote_literal quote_nullable to_hex regexp_replace regexp_match regexp_matches regexp_count regexp_instr regexp_like
  regexp_substr regexp_split_to_array regexp_split_to_table string_to_array string_to_table array_to_string string_agg array_agg unnest
  array_length array_lower array_upper array_ndims array_dims array_position array_positions array_append array_prepend array_cat array_remove
  array_replace cardinality trim_array
  cbrt div factorial gcd lcm log10 width_bucket scale min_scale trim_scale numeric_inc
  greatest least num_nonnulls num_nulls bit_length bit_and bit_or bit_xor bool_and bool_or every any_value
  corr covar_pop covar_samp regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope stddev stddev_pop stddev_samp variance var_pop var_samp
  mode percentile_cont percentile_disc
  extract date_part date_trunc date_bin age now clock_timestamp statement_timestamp
  transaction_timestamp timeofday make_date make_time make_timestamp make_timestamptz make_interval justify_days justify_hours justify_interval
  to_char to_date to_number to_timestamp isfinite timezone overlaps
  to_json to_jsonb row_to_json array_to_json json_build_array jsonb_build_array json_build_object jsonb_build_object json_object jsonb_object
  json_agg jsonb_agg json_object_agg jsonb_object_agg json_array_length jsonb_array_length json_each jsonb_each json_each_text jsonb_each_text
  json_extract_path jsonb_extract_path json_extract_path_text jsonb_extract_path_text json_object_keys jsonb_object_keys
  json_array_elements jsonb_array_elements json_array_elements_text jsonb_array_elements_text json_typeof jsonb_typeof json_strip_nulls
  jsonb_strip_nulls jsonb_set jsonb_insert jsonb_pretty jsonb_path_exists jsonb_path_match jsonb_path_query jsonb_path_query_array
  jsonb_path_query_first json_to_record jsonb_to_record json_to_recordset jsonb_to_recordset
  to_tsvector to_tsquery plainto_tsquery phraseto_tsquery websearch_to_tsquery ts_rank ts_rank_cd ts_headline numnode querytree setweight strip
  lower_inc upper_inc lower_inf upper_inf isempty range_merge int4range int8range numrange tsrange tstzrange daterange
  host hostmask netmask network masklen family broadcast abbrev
  generate_series generate_subscripts timestamptz
`)

/** By name, as the engine folds it. Nothing is here that writes, waits, reads files, runs text as SQL, or makes much out of little. */
export const SAFE_FUNCTIONS: Readonly<Record<Dialect, ReadonlySet<string>>> = {
  sqlite: new Set([...COMMON, ...SQLITE]),
  postgres: new Set([...COMMON, ...POSTGRES]),
}

/** The columns of PostgreSQL's functions behind FROM; those of one value that are not here have one, called as the function stands there. */
export const RESULT_COLUMNS: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ...['json_each', 'jsonb_each', 'json_each_text', 'jsonb_each_text'].map(name => [name, ['key', 'value']] as const),
  ...['json_array_elements', 'jsonb_array_elements', 'json_array_elements_text', 'jsonb_array_elements_text'].map(
    name => [name, ['value']] as const,
  ),
  // Of one list it is called as the function stands there, of others not.
  ['unnest', []],
  // What these bring is said behind them, or nowhere.
  ...['json_to_record', 'jsonb_to_record', 'json_to_recordset', 'jsonb_to_recordset'].map(name => [name, []] as const),
])

/** Functions that take a whole row for what it holds, without a cast of its own. */
export const ROW_FUNCTIONS: ReadonlySet<string> = new Set(words('count row_to_json to_json to_jsonb json_agg jsonb_agg'))

/** What no configuration lets through: these leave the database. SQLite's authorizer is asked for them inside views too. */
export const NEVER: ReadonlySet<string> = new Set(
  words(`
  load_extension readfile writefile edit fts3_tokenizer sqlite_log
  pg_read_file pg_read_binary_file pg_ls_dir pg_stat_file lo_import lo_export lo_from_bytea lo_put lo_create lo_creat lo_unlink lowrite
  dblink dblink_exec dblink_connect dblink_send_query query_to_xml cursor_to_xml table_to_xml schema_to_xml database_to_xml
  pg_terminate_backend pg_cancel_backend pg_reload_conf pg_rotate_logfile pg_switch_wal pg_promote pg_notify
  set_config nextval setval pg_advisory_lock pg_advisory_xact_lock pg_sleep pg_sleep_for pg_sleep_until pg_execute_server_program
`),
)
