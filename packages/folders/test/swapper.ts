/** A process of its own that puts links that lead out in the place of what is inside, and back, as fast as it can. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Plain JavaScript, for any Node. Of each name there are two, which change places: `x` and `.x-link`. */
const PROGRAM = `
const { renameSync } = require('node:fs')
const [root, ...names] = process.argv.slice(1)
const at = name => root + '/' + name
let over = false
process.stdin.on('end', () => (over = true)).resume()
process.stdout.write('swapping')
function turn() {
  for (let count = 0; count < 100; count += 1)
    for (const name of names) {
      renameSync(at(name), at('.' + name + '-real'))
      renameSync(at('.' + name + '-link'), at(name))
      renameSync(at(name), at('.' + name + '-link'))
      renameSync(at('.' + name + '-real'), at(name))
    }
  if (!over) setImmediate(turn)
}
turn()
`

/** Swaps until what is returned is called, which resolves when all is in its place again. */
export async function swapping(root: string, ...names: readonly string[]): Promise<() => Promise<void>> {
  const swapper = spawn(process.execPath, ['-e', PROGRAM, root, ...names], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(swapper, 'exit')
  await once(swapper.stdout, 'data')
  return async () => {
    swapper.stdin.end()
    await exited
  }
}
