/** Serves the conformance fixtures on PORT (3111) at /mcp and stays. */

import { http } from 'oarlock'
import { everything } from './everything.ts'
import { bearWitness } from './witness.ts'

const [listener] = await everything().listen(http({ port: Number(process.env['PORT'] ?? 3111) }))
const address = listener?.address ?? ''
console.log(`Conformance fixtures at ${address}`)
bearWitness(address)
