// counts objects per stream by constructor: node heap.mjs listen|get
import { http, Server } from 'oarlock'
import { connect } from 'node:net'
import v8 from 'node:v8'
import fs from 'node:fs'
import { fork } from 'node:child_process'
const N = 500
function look() {
  const f = v8.writeHeapSnapshot('/tmp/exp/heap.heapsnapshot');
  const s = JSON.parse(fs.readFileSync(f)); const { node_fields: nf, node_types: nt } = s.snapshot.meta; const w = nf.length
  const m = new Map(); const ti = nf.indexOf('type'), ni = nf.indexOf('name'), si = nf.indexOf('self_size')
  for (let i = 0; i < s.nodes.length; i += w) { const k = nt[0][s.nodes[i + ti]] + ' ' + (['string', 'concatenated string', 'number', 'sliced string'].includes(nt[0][s.nodes[i + ti]]) ? '' : s.strings[s.nodes[i + ni]].slice(0, 60)); const e = m.get(k) ?? [0, 0]; e[0]++; e[1] += s.nodes[i + si]; m.set(k, e) }
  return m
}
if (process.argv[3] === 'client') {
  const port = +process.argv[4], kind = process.argv[2]
  const LISTEN = JSON.stringify({ jsonrpc: '2.0', id: 'listen', method: 'subscriptions/listen', params: { notifications: { toolsListChanged: true }, _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {}, 'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1.0.0' } } } })
  const HEAD = 'Host: 127.0.0.1\r\nAccept: application/json, text/event-stream\r\n'
  const socks = []
  for (let i = 0; i < N; i++) {
    if (kind === 'listen') { const s = connect(port, '127.0.0.1', () => s.write(`POST /mcp HTTP/1.1\r\n${HEAD}Content-Type: application/json\r\nMCP-Protocol-Version: 2026-07-28\r\nMcp-Method: subscriptions/listen\r\nContent-Length: ${Buffer.byteLength(LISTEN)}\r\n\r\n${LISTEN}`)); socks.push(s) }
    else {
      const r = await fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } } }) })
      await r.text(); const id = r.headers.get('mcp-session-id')
      const n = await fetch(`http://127.0.0.1:${port}/mcp`, { method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' }, body: JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' }) }); await n.text()
      const s = connect(port, '127.0.0.1', () => s.write(`GET /mcp HTTP/1.1\r\n${HEAD}MCP-Protocol-Version: 2025-11-25\r\nMcp-Session-Id: ${id}\r\n\r\n`)); socks.push(s)
    }
    if (i % 50 === 49) await new Promise(r => setTimeout(r, 50))
  }
  await new Promise(r => setTimeout(r, 500)); process.send('ready'); setInterval(() => {}, 1000)
} else {
  const server = new Server({ name: 'bench', version: '1.0.0', limits: { streams: 10000 } })
  server.tool('echo', { input: { type: 'object', properties: { text: { type: 'string' } } } }, a => a.text)
  const [l] = await server.listen(http({ port: 0, sessions: { max: 20000 } }))
  const warm = fork(process.argv[1], [process.argv[2], 'client', new URL(l.address).port]); await new Promise(r => warm.once('message', r)); warm.kill(); await new Promise(r => setTimeout(r, 1500))
  const m0 = look()
  const c = fork(process.argv[1], [process.argv[2], 'client', new URL(l.address).port])
  await new Promise(r => c.once('message', r))
  const m = look(); c.kill(); for (const [k, e] of m) { const z = m0.get(k); if (z) { e[0] -= z[0]; e[1] -= z[1] } }
  let sum = 0
  for (const [k, [n, b]] of [...m].filter(([, [n]]) => n >= N * 0.9).sort((a, b) => b[1][1] - a[1][1])) { if (b / N < 8) continue; sum += b / N; console.log((n / N).toFixed(2).padStart(7), (b / N).toFixed(0).padStart(6), k) }
  console.log('sum', sum); process.exit()
}
