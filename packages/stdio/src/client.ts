/** The client door of @oarlock/stdio: servers that are started as child processes. */

export { stdioConnector } from './client/connector.ts'
export { DEFAULT_ENVIRONMENT } from './client/environment.ts'
export type { StderrTarget, StdioConnectorOptions } from './client/options.ts'
export { ProcessEnded } from './client/process-ended.ts'
