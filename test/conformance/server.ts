/** Serves the conformance fixtures on PORT (3111) at /mcp and stays. */

import { http } from 'oarlock'
import { everything } from './everything.ts'

const port = Number(process.env['PORT'] ?? 3111)
const server = everything()
const [listener] = await server.listen(http({ port }))
console.log(`Conformance fixtures at ${listener?.address ?? ''}`)
