import { EventEmitter } from 'eventemitter3'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { announce, listen, type ClientEvents } from '../src/events.ts'

const test = suite('events')

const failing: Readonly<Record<string, () => void>> = {
  throws: () => {
    throw new Error('on purpose')
  },
  rejects: (): unknown => Promise.reject(new Error('on purpose')),
}

for (const [way, fail] of Object.entries(failing)) {
  test(`a listener that ${way} is told once, and takes nobody's turn`, async () => {
    const events = new EventEmitter<ClientEvents>()
    const warnings: unknown[] = []
    let heard = 0
    listen(events, 'warning.reported', warning => void warnings.push(warning))
    listen(events, 'tools.changed', fail)
    const stop = listen(events, 'tools.changed', () => void (heard += 1))
    announce(events, 'tools.changed')
    await new Promise(resolve => setImmediate(resolve))
    assert.equal([heard, warnings], [1, [{ message: 'A listener of "tools.changed" threw', cause: new Error('on purpose') }]])
    stop()
    announce(events, 'tools.changed')
    assert.is(heard, 1)
  })

  test(`a listener of warnings that ${way} is not told of itself`, async () => {
    const events = new EventEmitter<ClientEvents>()
    const warnings: unknown[] = []
    listen(events, 'warning.reported', fail)
    listen(events, 'warning.reported', warning => void warnings.push(warning))
    announce(events, 'warning.reported', { message: 'x' })
    await new Promise(resolve => setImmediate(resolve))
    assert.equal(warnings, [{ message: 'x' }])
  })
}

test.run()
