/** Every schema of the vocabulary by its name, in the order of the files they stand in. */
import { readdirSync } from 'node:fs'
import type { TSchema } from '@oarlock/protocol'

const folder = new URL('../../packages/protocol/src/model/', import.meta.url)
const files = readdirSync(folder).sort()
const modules = (await Promise.all(files.map(file => import(new URL(file, folder).href)))) as object[]

/** Name → schema. The named fields that models share, in lower case, are not among them. */
export const MODELS: ReadonlyMap<string, TSchema> = new Map(
  modules.flatMap(each => Object.entries(each) as [string, TSchema][]).filter(([name]) => /^[A-Z][a-z]/.test(name)),
)
