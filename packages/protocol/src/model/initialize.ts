/** The handshake of the revisions that have a session (DIGEST 2.1). */

import { named, type Static, Type } from '../type.ts'
import { ClientCapabilities, ServerCapabilities } from './capability.ts'
import { Implementation } from './implementation.ts'
import { requestMeta } from './request.ts'
import { resultFields } from './result.ts'

export const InitializeRequestParams = Type.Object({
  _meta: requestMeta,
  protocolVersion: Type.String(),
  capabilities: named<ClientCapabilities>(ClientCapabilities),
  clientInfo: named<Implementation>(Implementation),
})
/** The client's half: the revision it prefers, what it can do, who it is. */
export interface InitializeRequestParams extends Static<typeof InitializeRequestParams> {}

export const InitializeResult = Type.Object({
  ...resultFields,
  protocolVersion: Type.String(),
  capabilities: named<ServerCapabilities>(ServerCapabilities),
  serverInfo: named<Implementation>(Implementation),
  instructions: Type.Optional(Type.String()),
})
/** The server's half: the revision that is spoken from now on, what it offers, who it is, how to use it. */
export interface InitializeResult extends Static<typeof InitializeResult> {}
