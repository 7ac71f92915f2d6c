/** Several versions of one name: how they are ordered, and which one answers. */

import { excerpt } from '@oarlock/protocol'
import type { Caller } from '../authorize.ts'
import type { Entry } from './entry.ts'

/** The versions of one component, the one that answers by default first. Never empty. */
export type Versions<E extends Entry> = readonly [E, ...E[]]

/**
 * Orders versions: not deprecated before deprecated, then higher before lower, numbers compared as numbers (`1.10.0` over `1.9.0`). Those that are equally
 * high (`1.0+a` and `1.0+b`) are ordered as text, so that which of them answers does not depend on which came first.
 */
export function byPreference(a: Entry, b: Entry): number {
  const deprecated = Number(Boolean(a.component.deprecated)) - Number(Boolean(b.component.deprecated))
  if (deprecated !== 0) return deprecated
  const [versionA = '', versionB = ''] = [a.component.version, b.component.version]
  return compareVersions(versionB, versionA) || (versionA === versionB ? 0 : versionA < versionB ? 1 : -1)
}

/** Compares dotted versions; a pre-release (`-rc.1`) comes before its release. Negative when `a` is lower. */
export function compareVersions(a: string, b: string): number {
  const [coreA = '', preA] = split(a)
  const [coreB = '', preB] = split(b)
  const core = compareDotted(coreA, coreB)
  if (core !== 0) return core
  if (preA === preB) return 0
  return preA === undefined ? 1 : preB === undefined ? -1 : compareDotted(preA, preB)
}

function split(version: string): [string, string | undefined] {
  const plain = version.split('+', 1)[0] as string
  const dash = plain.indexOf('-')
  return dash < 0 ? [plain, undefined] : [plain.slice(0, dash), plain.slice(dash + 1)]
}

function compareDotted(a: string, b: string): number {
  const as = a.split('.')
  const bs = b.split('.')
  for (let index = 0; index < Math.max(as.length, bs.length); index += 1) {
    const order = comparePart(as[index] ?? '', bs[index] ?? '')
    if (order !== 0) return order
  }
  return 0
}

function comparePart(a: string, b: string): number {
  const numeric = /^\d+$/
  if (numeric.test(a) && numeric.test(b)) return Number(a) - Number(b)
  if (a === '' || b === '') return (a === '' ? 0 : 1) - (b === '' ? 0 : 1)
  return a < b ? -1 : a > b ? 1 : 0
}

/** The version that answers a caller: the one it asked for, or the best of those it may see. */
export function choose<E extends Entry>(versions: Versions<E> | undefined, wanted: string | undefined, caller: Caller): E | undefined {
  return versions?.find(entry => (wanted === undefined || entry.component.version === wanted) && isVisible(entry, caller))
}

/**
 * Why there is nothing of a name for a caller: a sentence on the versions that it may have, where it asked for another. Undefined when it may have none, so
 * that what is hidden and what is missing read alike.
 */
export function noVersion<E extends Entry>(
  versions: Versions<E> | undefined,
  wanted: string | undefined,
  caller: Caller,
): string | undefined {
  const seen = versions?.filter(entry => isVisible(entry, caller)) ?? []
  if (wanted === undefined || seen.length === 0) return undefined
  return `There is no version ${excerpt(wanted)} of it, but ${seen.map(({ component }) => component.version ?? 'one without a version').join(', ')}.`
}

/** Whether a caller may know that a component exists. */
export function isVisible({ rules: { visible } }: Entry, caller: Caller): boolean {
  return visible === undefined || visible(caller.principal, caller.peer)
}
