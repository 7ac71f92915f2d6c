/** What a fuzz target is, and how it is found by its name. */
import { readFileSync } from 'node:fs'

/** A module of `targets/`: its file head says what always holds, and `fuzz` throws when it does not. The signature is that of jazzer.js. */
export interface Target {
  fuzz(input: Buffer): void | Promise<void>
  /** Words of the format, beyond those that stand in our sources. */
  readonly words?: readonly string[]
}

export const TARGETS = ['message', 'classify', 'uri', 'sse', 'lines', 'state', 'prompt', 'header'] as const
export type TargetName = (typeof TARGETS)[number]

/** An input that once broke something. */
export interface Found {
  /** One character for each byte. */
  readonly input: string
  /** What it broke. */
  readonly why: string
}

/** @param place where its module stands, seen from here */
export const importTarget = async (place: string): Promise<Target> => (await import(place)) as Target

export const moduleOf = (name: TargetName): string => `../targets/${name}.ts`

export const isTarget = (name: string): name is TargetName => (TARGETS as readonly string[]).includes(name)

/** Inputs are kept as text with one character for each byte, so that a diff shows them. */
export const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

export const placeOf = (kind: 'corpus' | 'found', name: TargetName): URL => new URL(`../${kind}/${name}.json`, import.meta.url)

/** The inputs that a target starts from: written by us. */
export const corpusOf = (name: TargetName): readonly string[] => JSON.parse(readFileSync(placeOf('corpus', name), 'utf8')) as string[]

/** The inputs that broke it once. */
export const foundOf = (name: TargetName): readonly Found[] => JSON.parse(readFileSync(placeOf('found', name), 'utf8')) as Found[]
