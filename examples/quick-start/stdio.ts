/** The calculator over stdio, as a desktop client starts it. */

import { stdio } from 'oarlock'
import { calculator } from './calculator.ts'

await calculator().listen(stdio())
