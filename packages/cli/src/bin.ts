#!/usr/bin/env node
/** The `oarlock` command. */

import { main } from './main.ts'

// Not process.exit(): what was printed may still be on its way.
process.exitCode = await main(process.argv.slice(2))
