/** What a raw peer was answered. */

import type { Json, RawMessage } from '@oarlock/testing'

/** The result of a reply. */
export const resultOf = <T>({ result }: RawMessage): T => result as T

/** The contents of what was read. */
export const contents = (reply: RawMessage): readonly Json[] => resultOf<{ contents: readonly Json[] }>(reply).contents
