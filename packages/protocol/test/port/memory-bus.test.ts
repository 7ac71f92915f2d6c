/** The bus in memory. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { memoryBus } from '../../src/port/memory-bus.ts'

const test = suite('memory bus')

const settled = () => new Promise(resolve => void setImmediate(resolve))

test('texts reach every listener of their topic in order, the publisher included, after publish has returned', async () => {
  const bus = memoryBus()
  const heard: string[] = []
  bus.subscribe('a', text => void heard.push(`1${text}`))
  bus.subscribe('a', text => void heard.push(`2${text}`))
  bus.subscribe('b', text => void heard.push(`b${text}`))
  void bus.publish('a', 'x')
  void bus.publish('a', 'y')
  void bus.publish('c', 'z')
  assert.equal(heard, [])
  await settled()
  assert.equal(heard, ['1x', '2x', '1y', '2y'])
})

test('a listener that left hears nothing more, though a text was on its way', async () => {
  const bus = memoryBus()
  const heard: string[] = []
  const listener = (text: string) => void heard.push(text)
  const leave = bus.subscribe('a', listener)
  bus.subscribe('a', listener)
  void bus.publish('a', 'x')
  leave()
  leave()
  await settled()
  assert.equal(heard, ['x'])
})

test('a listener that throws does not keep the text from the next', async () => {
  const bus = memoryBus()
  const heard: string[] = []
  const broken = new Error('broken')
  bus.subscribe('a', () => {
    throw broken
  })
  bus.subscribe('a', text => void heard.push(text))
  const surfaced = new Promise(resolve => void process.once('unhandledRejection', resolve))
  void bus.publish('a', 'x')
  assert.is(await surfaced, broken)
  assert.equal(heard, ['x'])
})

test.run()
