import { spawn } from 'node:child_process'
import { Conversations } from './load/conversation.ts'
import { scenarioOf } from './scenarios.ts'
import fs from 'node:fs'
const [speech, name, file='oarlock', secs='4', extra=''] = process.argv.slice(2)
fs.rmSync('/tmp/start/ssep',{recursive:true,force:true})
const child = spawn(process.execPath, ['--cpu-prof','--cpu-prof-interval','200','--cpu-prof-dir=/tmp/start/ssep', '--import', 'data:text/javascript,process.on("SIGTERM",()=>process.exit(0))', `dist/servers/${file}.js`, 'http', ...(extra?[extra]:[])], { stdio: ['pipe','pipe','inherit'] })
const port = await new Promise(r => child.stdout.once('data', d => r(Number(d))))
const cs = await Conversations.http({ port }, speech, scenarioOf(name), 32)
const until = performance.now() + Number(secs)*1000; let n = 0
await Promise.all(cs.map(async c => { while (performance.now() < until) { const p = await c.ask(); if (p) throw new Error(p); n++ } }))
child.kill('SIGTERM'); await new Promise(r => child.once('exit', r))
const f = '/tmp/start/ssep/' + fs.readdirSync('/tmp/start/ssep')[0]
const p = JSON.parse(fs.readFileSync(f)); const nodes = new Map(p.nodes.map(x => [x.id, x])); const self = new Map(); let all = 0
p.samples.forEach((id, i) => { const c = nodes.get(id).callFrame; const k = c.functionName + ' ' + c.url.split('/').slice(-3).join('/') + ':' + (c.lineNumber + 1); if (k.startsWith('(idle)')) return; self.set(k, (self.get(k) ?? 0) + p.timeDeltas[i]); all += p.timeDeltas[i] })
fs.writeFileSync('/tmp/start/prof-'+speech+'.json', JSON.stringify([...self].map(([k,t])=>[k,t/n]))); console.log('µs/request', (all/n).toFixed(1), n)
