/** What reaches a terminal. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { forTerminal, readable } from '../src/print.ts'

const test = suite('print')

test('T28: a server cannot send control sequences to the terminal', () => {
  assert.is(forTerminal('a\u001b[2Jb\u0007\u009b31m\r\n\tc'), 'a\ufffd[2Jb\ufffd\ufffd31m\n\tc')
})

test('every kind of content has a line', () => {
  const content = [
    { type: 'text', text: 'one' },
    { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
    { type: 'resource', resource: { uri: 'a://b', text: 'inside' } },
    { type: 'resource', resource: { uri: 'a://c', blob: 'AAAA' } },
    { type: 'resource_link', uri: 'a://d', name: 'd', title: 'The D' },
  ]
  assert.is(readable({ content } as never), 'one\n[audio: audio/wav, 3 bytes]\ninside\n[a://c: data, 3 bytes]\nThe D <a://d>')
})

test.run()
