/** Every rejection that is asked of a server, by what is wrong. */
import type { Case } from './case.ts'
import { ENVELOPES } from './cases/envelope.ts'
import { HANDSHAKES } from './cases/handshake.ts'
import { HEADERS } from './cases/header.ts'
import { METHODS } from './cases/method.ts'
import { PARAMS } from './cases/param.ts'
import { SHAPE } from './cases/shape.ts'

export const CASES: ReadonlyMap<string, readonly Case[]> = new Map([
  ['what is no message', SHAPE],
  ['malformed claims and unknown versions', ENVELOPES],
  ['headers', HEADERS],
  ['methods', METHODS],
  ['params', PARAMS],
  ['sessions', HANDSHAKES],
])
