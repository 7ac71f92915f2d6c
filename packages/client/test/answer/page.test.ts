/** Pages, and the consent to visit them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { pageWithConsent, type PageQuestion } from '../../src/answer/page.ts'

const test = suite('page')

async function visit(
  url: string,
  said: boolean | 'cancel',
  signal = new AbortController().signal,
): Promise<{ action: string; opened: string[]; asked: PageQuestion[] }> {
  const opened: string[] = []
  const asked: PageQuestion[] = []
  const handler = pageWithConsent({ confirm: question => (asked.push(question), said), open: address => void opened.push(address) })
  const { action } = await handler({ mode: 'url', url, message: 'Sign in', elicitationId: '1' } as never, {
    signal,
    server: { name: 's', version: '1' },
  })
  return { action, opened, asked }
}

test('C-EL-07: nothing is opened, and nothing fetched, without a yes', async () => {
  assert.equal((await visit('https://a.example/x', false)).opened, [])
  assert.is((await visit('https://a.example/x', false)).action, 'decline')
  assert.is((await visit('https://a.example/x', 'cancel')).action, 'cancel')
  const yes = await visit('https://a.example/x?y=1', true)
  assert.equal([yes.action, yes.opened], ['accept', ['https://a.example/x?y=1']])
  assert.equal((await visit('https://a.example/x', true, AbortSignal.abort())).opened, [])
})

test('C-EL-06, C-EL-08: the whole address, its host and who asks are shown', async () => {
  const { asked } = await visit('https://a.example:8443/x?y=1', true)
  assert.equal(
    [asked[0]?.url, asked[0]?.host, asked[0]?.server?.name, asked[0]?.message],
    ['https://a.example:8443/x?y=1', 'a.example:8443', 's', 'Sign in'],
  )
})

test('C-EL-09: names that may deceive are warned of', async () => {
  const warnings = async (url: string): Promise<string> => (await visit(url, false)).asked[0]?.warnings.join() ?? ''
  assert.match(await warnings('https://аpple.com/'), 'look like others')
  assert.match(await warnings('http://a.example/'), 'not encrypted')
  assert.match(await warnings('https://bank.example@evil.example/'), 'that is evil.example')
  assert.is(await warnings('http://localhost:3000/'), '')
  assert.is(await warnings('https://a.example/'), '')
})

test('C-EL-10, T17: what is not http or https is never opened, nor even asked about', async () => {
  for (const url of ['javascript:alert(1)', 'file:///etc/passwd', 'ftp://x', '-rf', 'https//x']) {
    const { action, opened, asked } = await visit(url, true)
    assert.equal([action, opened, asked], ['decline', [], []], url)
  }
})

test.run()
