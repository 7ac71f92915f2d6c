/** The door of @oarlock/testing: real connections for tests, in every revision, over every transport. */

export { matrix, type Cell, type MatrixOptions } from './matrix.ts'
export { connected, connectorTo, TRANSPORTS, type Pair, type PairOptions, type TransportName } from './pair.ts'
export { envelope, raw, RawPeer, type Json, type RawMessage } from './raw.ts'
export { streamConnector } from './streams.ts'
export { until, type EventSource } from './until.ts'
