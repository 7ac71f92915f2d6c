/** What a server that speaks only some revisions says to everybody else, and that a client that speaks all finds the way to it. */
import { REVISIONS, SESSION_REVISIONS } from '@oarlock/protocol'
import { envelope, raw, connected, TRANSPORTS } from '@oarlock/testing'
import { Server } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('servers of few revisions')

const serverOf = (...revisions: (typeof REVISIONS)[number][]) => {
  const server = new Server({ name: 'few', version: '1', revisions, log: false })
  server.tool('add', {}, () => 'added')
  return server
}

for (const revision of REVISIONS) {
  for (const transport of TRANSPORTS) {
    test(`a client that speaks all revisions calls a server that speaks ${revision} alone, over ${transport}`, async () => {
      await using pair = await connected(serverOf(revision), { transport })
      assert.is(await pair.client.call('add', {}), 'added')
    })
  }
}

test('S-VER-02: a server without the stateless revision names those it has to a request of it', async () => {
  const { error } = await raw(serverOf(...SESSION_REVISIONS)).request('server/discover', { _meta: envelope() })
  assert.is(error?.code, -32022)
  assert.equal(error?.data, { supported: [...SESSION_REVISIONS], requested: '2026-07-28' })
})

test('S-VER-16: a server without sessions names its revision to a handshake', async () => {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'old', version: '1' } }
  const { error } = await raw(serverOf('2026-07-28')).request('initialize', params)
  assert.is(error?.code, -32022)
  assert.equal(error?.data, { supported: ['2026-07-28'], requested: '2025-11-25' })
  assert.match(error?.message ?? '', /2026-07-28/)
})

test('S-VER-21, S-VER-22: a handshake is answered in the version it asks for, else in the newest that has handshakes', async () => {
  const spoken = SESSION_REVISIONS.slice(0, 3)
  const agreed = async (protocolVersion: string) => {
    const params = { protocolVersion, capabilities: {}, clientInfo: { name: 'x', version: '1' } }
    return (await raw(serverOf(...spoken, '2026-07-28')).request('initialize', params)).result?.['protocolVersion']
  }
  for (const revision of spoken) assert.is(await agreed(revision), revision)
  for (const other of ['2025-11-25', '2026-07-28', '2099-01-01', '', '__proto__']) assert.is(await agreed(other), '2025-06-18', other)
})

test.run()
