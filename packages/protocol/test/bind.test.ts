import { createServer, type AddressInfo } from 'node:net'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { bind, unbindable } from '../src/bind.ts'

const test = suite('bind')

const coded = (code: string, message = ''): Error => Object.assign(new Error(message), { code })

test('a port is bound, at an address with brackets too; whoever comes second is told what to do', async () => {
  const [first, second] = [createServer(), createServer()]
  await bind(first, 0, '[127.0.0.1]')
  const { port } = first.address() as AddressInfo
  const refused = await bind(second, port, '127.0.0.1').then(
    () => undefined,
    (cause: Error & { code?: string }) => cause,
  )
  first.close()
  assert.is(refused?.message, `port ${port} on 127.0.0.1 is taken; choose another, or 0 for any free one`)
  assert.is(refused?.code, 'EADDRINUSE')
  assert.is((refused?.cause as { code: string } | undefined)?.code, 'EADDRINUSE')
})

test('an address that is none of this machine is named; later errors are left to the server', async () => {
  const server = createServer()
  const failure = await bind(server, 0, '203.0.113.1').catch((cause: unknown) => cause)
  assert.match((failure as Error).message, '203.0.113.1 is no address of this machine')
  assert.is(server.listenerCount('error'), 0)
})

test('a port that cannot be had says which, where, and what to do', () => {
  const taken = unbindable(coded('EADDRINUSE', 'listen'), 3000, '127.0.0.1') as Error & { code?: string }
  assert.is(taken.message, 'port 3000 on 127.0.0.1 is taken; choose another, or 0 for any free one')
  assert.is(taken.code, 'EADDRINUSE')
  assert.is((taken.cause as Error).message, 'listen')
  assert.match(unbindable(coded('EACCES'), 80, '::1').message, 'port 80 on ::1 is not for this user')
  assert.match(unbindable(coded('EADDRNOTAVAIL'), 80, '203.0.113.1').message, '203.0.113.1 is no address of this machine')
  const other = coded('EMFILE')
  assert.is(unbindable(other, 80, '::1'), other)
})

test.run()
