import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectAll, Server } from 'oarlock'

const test = suite('names of options of connect')

const reason = (work: Promise<unknown>): Promise<unknown> => work.catch((cause: unknown) => String(cause))

test('a misspelt option is refused with the nearest', async () => {
  const server = new Server({ name: 'test', version: '1.0.0' })
  const one: object = { revison: '2025-11-25' }
  assert.is(await reason(connect(server, one)), "TypeError: 'revison' is no option of connect(). Did you mean 'revision'?")
  const all: object = { startTimeoutMS: 1, onFaild: () => {} }
  assert.is(
    await reason(connectAll({ mcpServers: {} }, all)),
    "TypeError: 'startTimeoutMS' is no option of connectAll(). Did you mean 'startTimeoutMs'?",
  )
  await server.close()
})

test.run()
