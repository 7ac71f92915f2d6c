/** Oarlock over stdio from a startup snapshot (examples/snapshot): everything is registered when it is built. */
import { Server } from 'oarlock/kernel'
import { stdio } from 'oarlock/stdio'
import { offer } from './offer.ts'

const server = new Server({ name: 'bench', version: '1.0.0', pageSize: 20_000 })
offer(server)
const { startupSnapshot } = process.getBuiltinModule('node:v8')
const main = (): void => void server.listen(stdio())
if (startupSnapshot.isBuildingSnapshot()) startupSnapshot.setDeserializeMainFunction(main)
else main()
