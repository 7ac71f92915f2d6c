/** The door of @oarlock/http/client: MCP over Streamable HTTP from the client's side. No Node in it. */

export { httpConnector } from './client/connector.ts'
export { HttpError, SessionLost } from './client/error.ts'
export type { FetchLike, HeaderSource, HttpConnectorOptions, HttpTimeouts } from './client/options.ts'
