/** Answers that are not from whom they should be, and documents that are not about whom they should be (THREATS 9). */

import { AuthorizationFailed, type AuthorizationProblem, oauth } from '@oarlock/client/auth'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Guarded, person } from './guarded.ts'
import { Issuer } from './issuer.ts'

const test = suite('auth mix-up')

/** Opens a client where something is wrong, and says what it failed with and what the authorization server saw. */
async function failure(
  spoil: (issuer: Issuer, server: Guarded) => void,
): Promise<{ problem: AuthorizationProblem; message: string; issuer: Issuer }> {
  const issuer = await Issuer.start()
  const server = await Guarded.start(issuer)
  spoil(issuer, server)
  try {
    const client = await server.open(oauth({ grant: person() }))
    await client.close()
    throw new Error('it signed in')
  } catch (cause) {
    if (!AuthorizationFailed.is(cause)) throw cause
    return { problem: cause.problem, message: cause.message, issuer }
  } finally {
    await server.stop()
    await issuer.stop()
  }
}

const ISSUERS: Record<string, (address: URL, issuer: Issuer) => void> = {
  'of somebody else': address => address.searchParams.set('iss', 'https://evil.example'),
  'with a slash more': (address, issuer) => address.searchParams.set('iss', `${issuer.url}/`),
  'in capitals': (address, issuer) => address.searchParams.set('iss', issuer.url.toUpperCase()),
  'that is empty': address => address.searchParams.set('iss', ''),
  'that is missing': address => address.searchParams.delete('iss'),
}

for (const [name, back] of Object.entries(ISSUERS)) {
  test(`C-AUTH-13, row 9: an answer with an issuer ${name} is not exchanged`, async () => {
    const { problem, issuer } = await failure(issuer => {
      issuer.conduct.back = address => back(address, issuer)
    })
    assert.is(problem, 'response')
    assert.is(issuer.at('/token').length, 0)
  })
}

for (const iss of ['https://evil.example', '']) {
  test(`C-AUTH-13: an issuer that was not announced is compared nevertheless ("${iss}")`, async () => {
    const { problem } = await failure(issuer => {
      issuer.conduct.metadata = { authorization_response_iss_parameter_supported: undefined }
      issuer.conduct.back = address => address.searchParams.set('iss', iss)
    })
    assert.is(problem, 'response')
  })
}

test('C-AUTH-14: what a foreign issuer says went wrong is not repeated', async () => {
  const { problem, message } = await failure(issuer => {
    issuer.conduct.back = address => {
      address.searchParams.set('iss', 'https://evil.example')
      address.searchParams.set('error', 'call_this_number')
    }
  })
  assert.is(problem, 'response')
  assert.not.match(message, 'call_this_number')
})

test('C-AUTH-12: an answer with another state is not exchanged', async () => {
  const { problem, issuer } = await failure(issuer => {
    issuer.conduct.back = address => address.searchParams.set('state', 'guessed')
  })
  assert.equal([problem, issuer.at('/token').length], ['response', 0])
})

test('a person who says no is told as such', async () => {
  const { problem, message } = await failure(issuer => {
    issuer.conduct.back = address => {
      address.searchParams.delete('code')
      address.searchParams.set('error', 'access_denied')
    }
  })
  assert.is(problem, 'refused')
  assert.match(message, 'access_denied')
})

for (const methods of [undefined, [], ['plain']]) {
  test(`C-AUTH-06: refuses where PKCE with S256 is not announced (${JSON.stringify(methods)})`, async () => {
    const { problem, issuer } = await failure(issuer => {
      issuer.conduct.metadata = { code_challenge_methods_supported: methods }
    })
    assert.equal([problem, issuer.at('/authorize').length], ['metadata', 0])
  })
}

test('C-AUTH-05: metadata of another issuer is discarded', async () => {
  const { problem, issuer } = await failure(issuer => {
    issuer.conduct.metadata = { issuer: `${issuer.url}/` }
  })
  assert.equal([problem, issuer.at('/authorize').length], ['metadata', 0])
})

for (const resource of ['https://evil.example/mcp', 'http://localhost:1/mcp', 'nothing', undefined]) {
  test(`C-AUTH-03: metadata about ${resource} is not about this server`, async () => {
    const { problem, issuer } = await failure((issuer, server) => {
      server.metadata = { ...server.published(issuer), resource }
    })
    assert.equal([problem, issuer.seen.length], ['metadata', 0])
  })
}

test('C-AUTH-03: metadata about a neighbour whose path begins alike is not about this server', async () => {
  const { problem } = await failure((issuer, server) => {
    server.metadata = { ...server.published(issuer), resource: `${server.origin}/mc` }
  })
  assert.is(problem, 'metadata')
})

test.run()
