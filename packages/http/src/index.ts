/** The door of @oarlock/http: MCP over Streamable HTTP, for a server of its own, for Node frameworks, and for Fetch. */

export { toFetch, type FetchDoor } from './fetch/door.ts'
export type { FetchExtras } from './fetch/turn.ts'
export type { GateOptions } from './gate.ts'
export { http, type HttpOptions, type UpgradeTaker } from './http.ts'
export { toNode, type NodeDoor } from './node/door.ts'
export type { EndpointOptions, SessionOptions } from './options.ts'
export { toFetchSse, toNodeSse } from './sse/doors.ts'
export type { SseDoorOptions, SsePaths } from './sse/options.ts'
export {
  Anonymous,
  apiKeys,
  bearer,
  challenge,
  eitherOf,
  hashApiKey,
  type ApiKeyOptions,
  type ApiKeyRecord,
  type ApiKeyStore,
  type Authenticate,
  type AuthVerdict,
  type BearerOptions,
  type Challenge,
  type ChallengeParams,
  type Served,
  type VerifyToken,
} from '@oarlock/protocol'
