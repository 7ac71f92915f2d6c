/** Our client against the official SDK v1 over HTTP with sessions, in each of their revisions. */
import { httpConnector } from '@oarlock/http/client'
import { suite } from 'uvu'
import { type Peer, tell, tellPinned } from './client-sdk.ts'
import { sdkV1Http } from './peers/sdk-v1-http.ts'
import type { Served } from './peers/serve.ts'

const test = suite('client, SDK v1, HTTP')

let served: Served
const peer: Peer = { connector: () => Promise.resolve(httpConnector(served.url)) }

test.before(async () => {
  served = await sdkV1Http()
})
test.after(() => served.close())

tell(test, 'found out', peer, undefined, '2025-11-25')

tellPinned(test, peer)

test.run()
