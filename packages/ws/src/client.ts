/** The client door of @oarlock/ws: servers over WebSocket, from Node and from pages. */

export { WebSocketClosed } from './closed.ts'
export { wsConnector } from './client/connector.ts'
export type { Authorities, HeaderSource, TokenSource, WsConnectorOptions } from './client/options.ts'
export { UpgradeRefused } from './client/refused.ts'
