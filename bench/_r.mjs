import { Server } from '@oarlock/kernel'
import { Session } from 'node:inspector'
const P = {
  path: { type: 'string', description: 'Path of the file' },
  pattern: { type: 'string', description: 'Regular' },
  limit: { type: 'integer', minimum: 1, maximum: 1000, description: 'x' },
  recursive: { type: 'boolean', description: 'y' },
  mode: { type: 'string', enum: ['fast', 'exact', 'fuzzy'], description: 'z' },
}
const server = new Server({ name: 'a', version: '1' })
const s = new Session()
s.connect()
const post = (m, p) => new Promise((r, j) => s.post(m, p, (e, x) => (e ? j(e) : r(x))))
if (process.argv[2]) {
  await post('Profiler.enable')
  await post('Profiler.setSamplingInterval', { interval: 30 })
  await post('Profiler.start')
}
const c = process.cpuUsage(),
  b = performance.now()
for (let i = 0; i < 100; i++)
  server.tool('s' + i, { description: 'd' + i, input: { type: 'object', properties: P, required: ['path', 'pattern'] } }, () => 'x')
const d = process.cpuUsage(c)
console.log((performance.now() - b).toFixed(1), (d.user + d.system) / 1000)
if (process.argv[2]) {
  const { profile } = await post('Profiler.stop')
  const nodes = new Map(profile.nodes.map(n => [n.id, n]))
  const self = new Map()
  profile.samples.forEach((id, i) => {
    const f = nodes.get(id).callFrame
    const k = f.functionName + ' ' + f.url.split('/').slice(-3).join('/') + ':' + f.lineNumber
    self.set(k, (self.get(k) ?? 0) + profile.timeDeltas[i])
  })
  for (const [k, t] of [...self].sort((a, b) => b[1] - a[1]).slice(0, 25)) console.log((t / 1000).toFixed(2), k)
}
