/** What the argument parser lets through and should not. */

import type { ArgsDef } from 'citty'
import { nearest } from '@oarlock/kernel'
import { Failure, MISUSED } from './failure.ts'

/** Taken by every command; read before its arguments are. */
export const VERBOSE = { type: 'boolean', description: 'Show errors with their stacks' } as const

/** Where `--http` listens when no port follows it. */
export const DEFAULT_PORT = '3000'

/** Where `--ws` listens when no port follows it. */
export const DEFAULT_WS_PORT = '3001'

/** @throws Failure naming the first flag that the command does not have */
export function refuseUnknownFlags(given: object, known: ArgsDef): void {
  const names = Object.keys(known).filter(name => known[name]?.type !== 'positional')
  // The parser reports both spellings of a name of several words.
  const spelled = new Set(Object.keys(known).flatMap(name => [name, camel(name)]))
  for (const flag of Object.keys(given)) {
    if (flag === '_' || spelled.has(flag)) continue
    throw new Failure(
      `There is no option --${flag}.${
        instead(flag, given, names) ??
        nearest(
          `--${flag}`,
          names.map(name => `--${name}`),
        )
      }`,
      MISUSED,
    )
  }
}

/** A port belongs to the transport that listens on it. */
function instead(flag: string, given: object, names: readonly string[]): string | undefined {
  if (flag !== 'port' || !names.includes('http')) return undefined
  const port: unknown = Reflect.get(given, flag)
  return ` Write --http ${typeof port === 'string' && port !== '' ? port : DEFAULT_PORT}.`
}

/** Options whose value may be left out get their default written behind them: the parser would take the next word for it. */
export function fillOptional(args: readonly string[], flag: string, isValue: (word: string) => boolean, value: string): string[] {
  return args.flatMap((arg, index) => {
    const next = args[index + 1]
    return arg === flag && (next === undefined || !isValue(next)) ? [`${flag}=${value}`] : [arg]
  })
}

const camel = (name: string): string => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
