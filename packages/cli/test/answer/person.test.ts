/** A person at a terminal is asked what a server asks in the middle of a call. */
import { PassThrough } from 'node:stream'
import { connect, type Client } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { askingPerson } from '../../src/answer/person.ts'
import { server } from '../fixtures/server.ts'

const test = suite('answers of a person')

/** A terminal at which lines are typed as soon as something is asked. */
class Desk {
  readonly input = new PassThrough()
  readonly output = new PassThrough()
  readonly opened: string[] = []
  said = ''

  constructor(...lines: readonly (string | undefined)[]) {
    const left = [...lines]
    this.output.setEncoding('utf8').on('data', (text: string) => {
      this.said += text
      if (!/[:\]] $/.test(text)) return
      const line = left.shift()
      // Later, as fingers are.
      setImmediate(() => (line === undefined ? this.input.end() : this.input.write(`${line}\n`)))
    })
  }

  open(revision: '2026-07-28' | '2025-11-25' = '2026-07-28', open = (url: string): void => void this.opened.push(url)): Promise<Client> {
    return connect(server, { revision, answers: askingPerson(this, open) })
  }
}

for (const revision of ['2026-07-28', '2025-11-25'] as const) {
  test(`${revision}: a form is asked field by field, what does not fit is asked again, and what leaves is shown before`, async () => {
    const desk = new Desk('stew', '2', '', '12', '3', 'perhaps', 'yes', '')
    await using client = await desk.open(revision)
    assert.is(await client.call('order'), '{"dish":"bread","count":3,"warm":true}')
    assert.match(desk.said, 'workshop asks: What shall it be?\n')
    assert.match(desk.said, '  1. soup\n  2. bread\nDish (a number or a name): ')
    assert.match(desk.said, 'dish must be one of soup, bread.\n')
    assert.match(desk.said, '  How many, nine at most\ncount (integer): ')
    assert.match(desk.said, 'It is needed. Ctrl-D cancels.\n')
    assert.match(desk.said, 'count must be at most 9.\n')
    assert.match(desk.said, 'warm (yes or no, optional): ')
    assert.match(desk.said, 'warm must be a boolean.\n')
    assert.match(desk.said, 'Send {"dish":"bread","count":3,"warm":true}? [Y/n] ')
  })
}

test('a form is declined at the end, and cancelled anywhere', async () => {
  const no = new Desk('soup', '1', '', 'no')
  await using first = await no.open()
  assert.is(await first.call('order'), 'decline')
  const gone = new Desk('soup', undefined)
  await using second = await gone.open()
  assert.is(await second.call('order'), 'cancel')
})

test('T17: a page is shown in full and opened after a yes, not before, and not without', async () => {
  for (const [typed, action, opened] of [
    ['y', 'accept', ['https://sign.example/contract']],
    ['', 'decline', []],
    ['no', 'decline', []],
    [undefined, 'cancel', []],
  ] as const) {
    const desk = new Desk(typed)
    await using client = await desk.open()
    assert.is(await client.call('sign'), action)
    assert.equal(desk.opened, opened)
    assert.match(desk.said, 'workshop asks you to visit a page of sign.example: Sign the contract\n  https://sign.example/contract\n')
    assert.match(desk.said, 'Open it in the browser? [y/N] ')
  }
})

test('without a browser the address is told', async () => {
  const desk = new Desk('yes')
  await using client = await desk.open('2026-07-28', () => {
    throw new Error('no browser')
  })
  assert.is(await client.call('sign'), 'accept')
  assert.match(desk.said, 'There is no browser here. Open the page yourself:\n  https://sign.example/contract\n')
})

test('two calls that ask at once are asked about one after the other', async () => {
  const desk = new Desk('soup', '1', '', '', 'bread', '2', '', '')
  await using client = await desk.open()
  const answers = await Promise.all([client.call('order'), client.call('order')])
  assert.equal(
    answers.map(String).toSorted((a, b) => a.localeCompare(b)),
    ['{"dish":"bread","count":2}', '{"dish":"soup","count":1}'],
  )
})

test.run()
