/**
 * Takes the official schema files over into the testing package, without their prose and one definition a line, so that a difference can be read:
 * `node test/oracle/take-schemas.ts FOLDER`, where FOLDER holds `2024-11-05.json` and its sisters.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { REVISIONS } from '@oarlock/protocol'

/** A schema file of the specification, without prose. */
export function withoutProse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutProse)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).filter(([key, each]) => !(key === 'description' && typeof each === 'string'))
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutProse(each)]))
}

function linesOf(schema: Record<string, unknown>): string {
  const [word, definitions] = Object.entries(schema).find(([, each]) => typeof each === 'object') as [string, Record<string, unknown>]
  const rows = Object.entries(definitions).map(([name, each]) => `    ${JSON.stringify(name)}: ${JSON.stringify(withoutProse(each))}`)
  return `{\n  "$schema": ${JSON.stringify(schema['$schema'])},\n  "${word}": {\n${rows.join(',\n')}\n  }\n}\n`
}

const folder = process.argv[2]
if (import.meta.main && folder !== undefined) {
  for (const revision of REVISIONS) {
    const schema = JSON.parse(readFileSync(join(folder, `${revision}.json`), 'utf8')) as Record<string, unknown>
    writeFileSync(new URL(`../../packages/testing/src/frames/schemas/${revision}.json`, import.meta.url), linesOf(schema))
  }
}
