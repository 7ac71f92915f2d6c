import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Server } from '@oarlock/kernel'
import { connected, matrix, open, openWire, raw, scriptedServer, until } from '@oarlock/testing'

const test = suite('names of options of the kit')

const server = (): Server => new Server({ name: 'test', version: '1.0.0' })
const told = async (work: () => unknown): Promise<string> => {
  const cause: unknown = await (async () => work())().then(
    () => assert.unreachable('it was not refused'),
    (error: unknown) => error,
  )
  return (cause as Error).message
}

test('a misspelt option is refused with the nearest', async () => {
  const odd = (options: object): object => options
  assert.is(await told(() => open(server(), odd({ snapshot: 'x' }))), "'snapshot' is no option of open(). Did you mean 'snapshots'?")
  assert.is(
    await told(() => connected(server(), odd({ transprt: 'ws' }))),
    "'transprt' is no option of connected(). Did you mean 'transport'?",
  )
  assert.is(await told(() => matrix(odd({ revision: [] }))), "'revision' is no option of matrix(). Did you mean 'revisions'?")
})

test('how long to wait is text or milliseconds, wherever something is waited for', async () => {
  const never = (): boolean => false
  assert.is(await told(() => raw(server()).until(never, '10ms')), 'No message passed the test within 10 ms')
  assert.is(await told(() => scriptedServer().until(never, 10)), 'No message passed the test within 10 ms')
  assert.match(await told(() => raw(server()).until(never, 'soon' as never)), /^timeout: "soon" is not a duration/)
  const source = { on: () => () => undefined }
  assert.match(await told(() => until(source as never, 'x' as never, never, '10ms')), "No event 'x' passed the test within 10 ms")
  await using kit = await open(server())
  assert.match(await told(() => kit.notifications(1, undefined, '10ms')), 'Expected 1 notifications within 10 ms, but there were 0')
  const wire = await openWire({ command: process.execPath, args: ['-e', 'process.stdin.resume()'] })
  assert.match(await told(() => wire.until('x', '10ms')), 'No text like x passed the test within 10 ms')
  assert.match(await told(() => wire.stderr.line('x', '10ms')), 'No line like x passed the test within 10 ms')
  await wire.close()
})

test.run()
