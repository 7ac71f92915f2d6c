/** The rejections over standard input and output of a process of their own. */
import { fileURLToPath } from 'node:url'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Peer } from '../../packages/stdio/test/peer.ts'
import { CASES } from './cases.ts'
import { judge, shakeHands, type Pipe } from './link.ts'

const test = suite('rejections over stdio')

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const started = () =>
  new Peer(['-C', '@oarlock/source', '--import', `${ROOT}test/runner/register.ts`, `${ROOT}test/rejections/stdio-server.ts`])

const peers = { exchange: started(), session: started() }

const pipeTo = (peer: Peer): Pipe => ({
  send: body => {
    peer.write(body)
    peer.write('\n')
  },
  next: () => peer.next(),
})
const pipes = { exchange: pipeTo(peers.exchange), session: pipeTo(peers.session) }

test.before(() => shakeHands(pipes.session))

for (const [theme, cases] of CASES) {
  for (const each of cases) test(`${each.name} (${theme})`, () => judge(pipes[each.conversation], each))
}

test('after all of that the process ends in good order, and has printed nothing else', async () => {
  for (const peer of Object.values(peers)) {
    assert.equal(await peer.end(), [0, null])
    assert.is(peer.errors, '')
  }
})

test.run()
