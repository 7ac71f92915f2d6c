import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Client } from '@oarlock/client'
import { Server } from '@oarlock/kernel'
import { memoryConnector } from '@oarlock/protocol'

const test = suite('names of options of a client')
const server = new Server({ name: 'test', version: '1.0.0' })
const open = (options: object): Promise<Client> => Client.open(memoryConnector(server), options)

const refused = async (options: object, message: string): Promise<void> => {
  const error: unknown = await open(options).catch((cause: unknown) => cause)
  assert.instance(error, TypeError)
  assert.is((error as Error).message, message)
}

test('a misspelt option of a client is refused with the nearest', async () => {
  await refused({ revison: '2025-11-25' }, "'revison' is no option of a client. Did you mean 'revision'?")
  await refused({ cache: { entrys: 1 } }, "'entrys' is no option of cache of a client. Did you mean 'entries'?")
  await refused({ heal: { atempts: 1 } }, "'atempts' is no option of heal of a client. Did you mean 'attempts'?")
})

test('what cannot be listened to is refused: whoever waits for it would wait for ever', async () => {
  const client = await open({})
  const wrong: object = { resourceLst: true }
  assert.throws(() => client.listen(wrong), /^'resourceLst' is no option of listen\(\)\. Did you mean 'resourceList'\?$/)
  const inWords: object = { resourcesListChanged: true }
  assert.throws(() => client.listen(inWords), /'resourcesListChanged' is no option of listen\(\)/)
  await client.close()
})

test.run()
