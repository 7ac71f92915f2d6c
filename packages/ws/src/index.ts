/** The door of @oarlock/ws: MCP over WebSocket, on a port of its own or beside HTTP. The client half is `@oarlock/ws/client`. */

export { toUpgrade, type UpgradeDoor } from './server/door.ts'
export type { UpgradeOptions, WsOptions } from './server/options.ts'
export { ws } from './server/ws.ts'
