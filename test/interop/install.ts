/** Installs the peers that stand apart, for `.ci/run`, and ends with 1 when one of them cannot be had. */
import { FASTMCP, INSPECTOR, installApart } from './apart.ts'

for (const folder of [FASTMCP, INSPECTOR]) {
  const because = installApart(folder)
  console.log(because ?? `installed ${folder}`)
  if (because !== undefined) process.exitCode = 1
}
