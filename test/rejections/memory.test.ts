/** The rejections over a connection in memory. */
import { suite } from 'uvu'
import { raw } from '@oarlock/testing'
import { CASES } from './cases.ts'
import { judge, shakeHands, type Pipe, type Reply } from './link.ts'
import { victim } from './server.ts'

const test = suite('rejections in memory')

const server = victim()

function pipe(): Pipe {
  const peer = raw(server)
  let read = 0
  return {
    send: body => peer.sendText(body as string),
    next: () => {
      const at = read
      read += 1
      return peer.until(message => peer.received.indexOf(message) === at) as Promise<Reply>
    },
  }
}

const pipes = { exchange: pipe(), session: pipe() }

test.before(() => shakeHands(pipes.session))
test.after(() => server.close())

for (const [theme, cases] of CASES) {
  for (const each of cases) {
    // Text has no bytes that could be broken.
    if (typeof each.body === 'string' && !each.body.startsWith('\ufeff'))
      test(`${each.name} (${theme})`, () => judge(pipes[each.conversation], each))
  }
}

test.run()
