// node alloc.mjs floor|oarlock kind speech tool : bytes allocated a call
import { spawn } from 'node:child_process'
import { Connection } from './load/http.ts'
const [file, kind, speech, tool = 'echo'] = process.argv.slice(2)
const hook =
  'data:text/javascript,' +
  encodeURIComponent(
    `process.on('SIGUSR2',()=>{ console.log('HEAP '+process.memoryUsage().heapUsed) }); process.on('SIGUSR1',()=>{ gc(); gc(); console.log('GC') })`,
  )
const child = spawn(
  process.execPath,
  [
    '--expose-gc',
    '--min-semi-space-size=256',
    '--max-semi-space-size=256',
    '--import',
    hook,
    `dist/servers/${file}.js`,
    'http',
    ...(kind ? [kind] : []),
  ],
  { stdio: ['pipe', 'pipe', 'inherit'] },
)
let buf = ''
const waiters = []
child.stdout.on('data', d => {
  buf += d
  let i
  while ((i = buf.indexOf('\n')) >= 0) {
    const l = buf.slice(0, i)
    buf = buf.slice(i + 1)
    waiters.shift()?.(l)
  }
})
const line = () => new Promise(r => waiters.push(r))
const port = +(await line())
const c = await Connection.open(port)
let headers = 'MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: ' + tool + '\r\n',
  meta =
    ',"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"x","version":"1"},"io.modelcontextprotocol/clientCapabilities":{},"progressToken":"p"}'
if (speech === '2025-11-25') {
  const { head } = await c.post(
    JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: speech, capabilities: {}, clientInfo: { name: 'x', version: '1' } },
    }),
    '',
  )
  headers = `MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: ${/mcp-session-id: *([^\r]+)/.exec(head)?.[1]}\r\n`
  await c.post('{"jsonrpc":"2.0","method":"notifications/initialized"}', headers)
  meta = ',"_meta":{"progressToken":"p"}'
}
const ask = async n => {
  for (let i = 0; i < n; i++)
    await c.post(
      `{"jsonrpc":"2.0","id":${i + 10},"method":"tools/call","params":{"name":"${tool}","arguments":{"text":"hello"}${meta}}}`,
      headers,
    )
}
await ask(8000)
const heap = async () => {
  const p = line()
  child.kill('SIGUSR2')
  return +(await p).slice(5)
}
const res = []
for (let r = 0; r < 5; r++) {
  const a = await heap()
  await ask(1500)
  const b = await heap()
  if (b > a) res.push((b - a) / 1500)
}
console.log(file, kind, speech, tool, res.map(x => x.toFixed(0)).join(' '))
child.kill()
process.exit()
