/** The quick start: serves the calculator over stdio and HTTP, and calls it in each revision over both. Ends with exit code 0. */

import { fileURLToPath } from 'node:url'
import { connect, http, REVISIONS, type ConnectOptions, type Target } from 'oarlock'
import { calculator } from './calculator.ts'
import { story, type Row } from './story.ts'

const stdioServer = fileURLToPath(new URL('./stdio.ts', import.meta.url))
const register = fileURLToPath(new URL('../../test/runner/register.ts', import.meta.url))
const child: Target = { command: process.execPath, args: [...conditions(), '--import', register, stdioServer] }

const server = calculator()
const [listener] = await server.listen(http({ port: 0 }))
const url = listener?.address ?? ''

const rows: Row[] = []
for (const revision of REVISIONS) {
  rows.push(...(await over('stdio', revision, child)))
  rows.push(...(await over('http', revision, url)))
}
await server.close()

print(rows)
const desktop = { mcpServers: { calculator: { command: process.execPath, args: ['--import', register, stdioServer] } } }
console.log(`
Every answer was checked. What next:

  keep it serving      npx -y pnpm@12.21.0 serve
  and connect to       http://127.0.0.1:3000/mcp
  in a desktop client  ${JSON.stringify(desktop)}
`)

async function over(transport: string, revision: ConnectOptions['revision'] & string, target: Target): Promise<readonly Row[]> {
  const client = await connect(target, { name: 'quick-start', version: '1.0.0', revision })
  try {
    return await story(transport, revision, client)
  } finally {
    await client.close()
  }
}

function print(table: readonly Row[]): void {
  const cells = table.map(({ transport, revision, called, answer, ms }) => [transport, revision, called, answer, `${ms.toFixed(1)} ms`])
  const head = ['transport', 'revision', 'called', 'answer', 'time']
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map(row => (row[column] as string).length)))
  for (const row of [head, widths.map(width => '─'.repeat(width)), ...cells])
    console.log(row.map((cell, column) => cell.padEnd(widths[column] as number)).join('  '))
}

/** The resolution conditions of this process, for the child: sources or built packages. */
function conditions(): readonly string[] {
  const at = process.execArgv.indexOf('-C')
  return at < 0 ? [] : process.execArgv.slice(at, at + 2)
}
