/** What every provider of resources is made with, whatever its source. */

import type { CacheHint, Guard, Middleware } from '@oarlock/kernel'
import { checkOptions, type Annotations, type OptionNames } from '@oarlock/protocol'
import type { Access } from '../access.ts'
import type { KeepOptions } from '../cache.ts'

/** Options of every provider of resources. */
export interface ResourceProviderOptions {
  /** For error texts, and as a name where a source needs one. */
  readonly name: string
  /** Who may list, complete, read and follow what. Everyone everything when absent. */
  readonly access?: Access
  /** How long clients may keep a read. */
  readonly cache?: CacheHint
  /** How long reads are kept on the server. Not at all when absent. */
  readonly keep?: KeepOptions
  /** The most bytes of a document that one answer holds; what is larger is read in parts. 1 MiB when absent. */
  readonly maxBytes?: number
  /** On everything that is listed. */
  readonly annotations?: Annotations
  readonly tags?: readonly string[]
  /** Rules that hold for all components of the source, its tools included. */
  readonly guards?: readonly Guard[]
  readonly use?: readonly Middleware[]
  /** Told of what fails in the background: a watcher, a poller. The server's `error.reported`, and so its log, when absent. */
  readonly onError?: (cause: unknown, where: string) => void
}

/**
 * The names of all options. For `checkOptions` in a source of your own, whose further options only it knows: a misspelt `access` must not leave it open.
 */
export const RESOURCE_PROVIDER_OPTIONS: OptionNames<ResourceProviderOptions> = {
  name: true,
  access: true,
  cache: true,
  keep: true,
  maxBytes: true,
  annotations: true,
  tags: true,
  guards: true,
  use: true,
  onError: true,
}

const ANNOTATIONS: OptionNames<Annotations> = { audience: true, priority: true, lastModified: true }

/** @throws TypeError for an annotation that does not exist */
export function checkAnnotations(annotations: Annotations | undefined, of: string): void {
  checkOptions(annotations, ANNOTATIONS, `annotations of ${of}`)
}

/** Bytes of one answer when `maxBytes` is not given. */
export const MAX_BYTES = 1024 * 1024

/** The fewest that an answer may be held to: a part must have room for a character. */
export const LEAST_BYTES = 16
