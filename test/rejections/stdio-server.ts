/** The victim on standard input and output. */
import { stdio } from 'oarlock'
import { victim } from './server.ts'

await victim().listen(stdio())
