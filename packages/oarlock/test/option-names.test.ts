import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectAll, connectorFor, Server } from 'oarlock'

const test = suite('names of options of connect')

const reason = (work: Promise<unknown>): Promise<unknown> => work.catch((cause: unknown) => String(cause))

test('a misspelt option is refused with the nearest', async () => {
  const server = new Server({ name: 'test', version: '1.0.0' })
  const one: object = { revison: '2025-11-25' }
  assert.is(await reason(connect(server, one)), "TypeError: 'revison' is no option of connect(). Did you mean 'revision'?")
  assert.is(await reason(connectorFor(server, one)), "TypeError: 'revison' is no option of connectorFor(). Did you mean 'revision'?")
  const all: object = { startTimout: 1, onFaild: () => {} }
  assert.is(
    await reason(connectAll({ mcpServers: {} }, all)),
    "TypeError: 'startTimout' is no option of connectAll(). Did you mean 'startTimeout'?",
  )
  await server.close()
})

test('a command may be pasted from a configuration file, with the type that is said there', async () => {
  const pasted = { type: 'stdio', command: 'there-is-no-such-command' } as const
  assert.match(String(await reason(connect(pasted))), /there-is-no-such-command/)
  const other: object = { ...pasted, type: 'http' }
  assert.match(String(await reason(connect(other as typeof pasted))), /over 'stdio', not 'http'/)
})

test.run()
