/** A question that needs two servers and a second try, a server that is not there, and a model that never comes to an end. */

import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { connectAll, consent } from 'oarlock'
import { openConverter } from './convert.ts'
import { chat } from './loop.ts'
import { scripted, type Message, type Turn, type WantedCall } from './model.ts'

const { server, url } = await openConverter()
const register = process.execArgv.filter(arg => !arg.startsWith('--inspect'))
const weather = [...register, fileURLToPath(new URL('./weather.ts', import.meta.url))]
// #region connect
// What stands here in place stands in a file elsewhere: connectAll({ file: './mcp.json' }).
const config = {
  mcpServers: {
    weather: { command: process.execPath, args: weather },
    convert: { url: '${CONVERT_URL}' },
    absent: { command: '/no/such/server' },
  },
}
const servers = await connectAll(config, { env: { CONVERT_URL: url } })
for (const [alias, cause] of servers.failures) console.error(`${alias} cannot be reached: ${String(cause)}`)
const degrees = await servers.call<string>('weather__now', { city: 'Oslo' })
// #endregion
assert.equal(degrees, '-4')
assert.deepEqual([...servers.failures.keys()], ['absent'])

const asked: string[] = []
for (const client of servers.clients.values()) {
  client.use('tools/call', consent({ ask: ({ tool }) => (asked.push(tool), true) }))
}

const call = (id: string, name: string, args: WantedCall['args']): WantedCall => ({ id, name, args })
const calls = (...wanted: WantedCall[]): Turn => ({ kind: 'calls', calls: wanted })
const result = (messages: readonly Message[], id: string): string => {
  const found = messages.find(message => message.role === 'tool' && message.id === id)
  return found !== undefined && 'text' in found ? found.text : assert.fail(`no result of ${id}`)
}

const model = scripted([
  (_messages, tools) => {
    assert.deepEqual(
      tools.map(({ name }) => name),
      ['weather__now', 'convert__units'],
    )
    return calls(call('1', 'weather__now', { city: 'Oslo' }), call('2', 'weather__now', { city: 'Rome' }))
  },
  messages =>
    calls(call('3', 'convert__units', { value: Number(result(messages, '1')), from: 'C', to: 'K' }), call('4', 'nowhere__tool', {})),
  messages => {
    assert.match(result(messages, '3'), /Only C to F/)
    assert.match(result(messages, '4'), /No connected server/)
    return calls(call('5', 'convert__units', { value: Number(result(messages, '1')), from: 'C', to: 'F' }))
  },
  messages => ({ kind: 'answer', text: `${result(messages, '5')} °F in Oslo, ${result(messages, '2')} °C in Rome` }),
])

assert.equal(await chat(model, servers, 'How warm is it?'), '24.8 °F in Oslo, 21 °C in Rome')
assert.deepEqual(asked, ['now', 'now', 'units', 'units'])

const endless = { next: () => Promise.resolve(calls(call('x', 'weather__now', { city: 'Oslo' }))) }
await assert.rejects(chat(endless, servers, 'And now?', { turns: 3 }), /within 3 turns/)

await servers.close()
await server.close()
console.log('asked two servers, was corrected, answered')
