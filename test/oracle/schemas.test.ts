/** The schemas that the oracle tests trust: complete, and the same as the specification's where a copy of that is at hand. */
import { existsSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { REVISIONS } from '@oarlock/protocol'
import { officialSchema } from './schemas.ts'
import { withoutProse } from './take-schemas.ts'

const schemas = suite('official schemas')

/** Number of definitions in each published file. */
const COUNTS = { '2024-11-05': 79, '2025-03-26': 83, '2025-06-18': 91, '2025-11-25': 145, '2026-07-28': 155 }

for (const revision of REVISIONS) {
  schemas(`${revision} is complete, and as published`, () => {
    assert.is(Object.keys(officialSchema(revision).definitions).length, COUNTS[revision])
    const published = new URL(`../../../shared/spec/schemas/${revision}.json`, import.meta.url)
    if (existsSync(published)) assert.equal(officialSchema(revision).file, withoutProse(JSON.parse(readFileSync(published, 'utf8'))))
  })
}

schemas.run()
