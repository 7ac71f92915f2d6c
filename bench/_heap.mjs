import { spawn } from 'node:child_process'
import { Conversations } from './load/conversation.ts'
import { scenarioOf } from './scenarios.ts'
import fs from 'node:fs'
const [speech, name, file='oarlock', secs='5'] = process.argv.slice(2)
const child = spawn(process.execPath, ['--import', '/tmp/start/hp.mjs', `dist/servers/${file}.js`, 'http'], { stdio: ['pipe','pipe','inherit'] })
const port = await new Promise(r => child.stdout.once('data', d => r(Number(d))))
const cs = await Conversations.http({ port }, speech, scenarioOf(name), 32)
const t0 = performance.now(), until = t0 + Number(secs)*1000; let n = 0
await Promise.all(cs.map(async c => { while (performance.now() < until) { const p = await c.ask(); if (p) throw new Error(p); if (performance.now() - t0 > 2600) n++ } }))
child.kill('SIGTERM'); await new Promise(r => child.once('exit', r))
const p = JSON.parse(fs.readFileSync('/tmp/start/heap.json')); const by = new Map(); let all = 0
const visit = x => { const c = x.callFrame; const k = c.functionName + ' ' + c.url.split('/').slice(-3).join('/') + ':' + (c.lineNumber + 1); by.set(k, (by.get(k) ?? 0) + x.selfSize); all += x.selfSize; for (const y of x.children) visit(y) }
visit(p.head); console.log(n, 'bytes/request', (all / n).toFixed(0)); for (const [k, t] of [...by].sort((a, b) => b[1] - a[1]).slice(0, Number(process.argv[6]??30))) console.log((t / n).toFixed(0), k)
