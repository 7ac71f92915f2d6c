/** Subprotocols, and the token that may be among them. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readOffer, tokenEntry } from '../src/offer.ts'

const test = suite('offer')

test('what one side writes the other reads, whatever the token', () => {
  for (const token of ['a', 'ab', 'abc', '~~~???>>>', 'a.b/c+d~e=', 'x'.repeat(4000)]) {
    const entry = tokenEntry(token)
    assert.match(entry, /^[\w.-]+$/, 'a token of HTTP, as a subprotocol has to be')
    assert.equal(readOffer(`mcp, ${entry}`), { mcp: true, any: true, token })
    assert.equal(readOffer(`${entry},mcp`), { mcp: true, any: true, token })
  }
})

test('nothing is offered, or something else', () => {
  assert.equal(readOffer(undefined), { mcp: false, any: false, token: undefined })
  assert.equal(readOffer('graphql-ws, soap'), { mcp: false, any: true, token: undefined })
})

test('a token that no header could carry is not written', () => {
  for (const token of ['', ' ', 'a b', 'a\nb', '\u0000', 'é', '🦀']) assert.throws(() => tokenEntry(token), /visible ASCII/)
})

test('what is no token, or two, is not read', () => {
  for (const header of ['mcp.token.', 'mcp.token.!', 'mcp.token.YQ=', 'mcp.token.YQ, mcp.token.YQ', 'mcp.token.AA', 'mcp.token.4pyT'])
    assert.is(readOffer(`mcp, ${header}`), undefined, header)
})

test.run()
