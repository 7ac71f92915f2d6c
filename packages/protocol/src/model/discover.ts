/** What a server says of itself where there is no handshake (DIGEST 3.5). */

import { named, type Static, Type } from '../type.ts'
import { ServerCapabilities } from './capability.ts'
import { cacheFields, resultFields } from './result.ts'

export const DiscoverResult = Type.Object({
  ...resultFields,
  ...cacheFields,
  supportedVersions: Type.Array(Type.String()),
  capabilities: named<ServerCapabilities>(ServerCapabilities),
  instructions: Type.Optional(Type.String()),
})
/** The revisions a server speaks without a session, what it offers and how to use it. */
export interface DiscoverResult extends Static<typeof DiscoverResult> {}
