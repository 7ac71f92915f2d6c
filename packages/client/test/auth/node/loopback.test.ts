/** The page on loopback to which a browser comes back (THREATS 12). */

import { request } from 'node:http'
import { loopbackRedirect } from '@oarlock/client/auth/node'
import { AuthorizationFailed, oauth } from '@oarlock/client/auth'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Guarded, person } from '../guarded.ts'
import { Issuer } from '../issuer.ts'

const test = suite('auth loopback')

test('a command line signs in by a browser that follows redirects', async () => {
  const issuer = await Issuer.start()
  const server = await Guarded.start(issuer)
  let page = ''
  const redirect = loopbackRedirect({ open: async address => void (page = await (await fetch(address)).text()), name: 'My <b>tool</b>' })
  const client = await server.open(oauth({ grant: person({ redirect }) }))
  assert.is(await client.call('look'), 'seen')
  await client.close()
  assert.match(page, 'My &#60;b&#62;tool&#60;/b&#62; is signed in')
  assert.match(issuer.at('/authorize')[0]?.params.get('redirect_uri') ?? '', /^http:\/\/127\.0\.0\.1:\d+\/callback$/)
  await server.stop()
  await issuer.stop()
})

test('row 12: what the address says went wrong is shown as text', async () => {
  const landing = await loopbackRedirect({ open: () => {} }).open()
  const back = landing.visit(new URL('https://as.example/authorize?state=s'))
  const response = await fetch(`${landing.url}?state=s&error=${encodeURIComponent('<script>alert(1)</script>"\'')}`)
  const text = await response.text()
  assert.not.match(text, /<script|"'/)
  assert.match(text, '&#60;script&#62;')
  assert.match(response.headers.get('content-security-policy') ?? '', "default-src 'none'")
  assert.match(String(await back), 'error=')
  await landing.close?.()
})

test('row 12: a page elsewhere cannot end a sign-in: another state, path, method or host is not heard', async () => {
  const landing = await loopbackRedirect({ open: () => {} }).open()
  const back = landing.visit(new URL('https://as.example/authorize?state=right'))
  const status = async (url: string, init: RequestInit = {}): Promise<number> => (await fetch(url, init)).status
  assert.is(await status(`${landing.url}?code=x&state=wrong`), 400)
  assert.is(await status(`${landing.url}?code=x`), 400)
  assert.is(await status(`${landing.url}/other?code=x&state=right`), 404)
  assert.is(await status(`${landing.url}?code=x&state=right`, { method: 'POST' }), 404)
  const rebound = await new Promise<number | undefined>(resolve => {
    request(`${landing.url}?code=x&state=right`, { headers: { host: 'evil.example' } }, response =>
      resolve(response.resume().statusCode),
    ).end()
  })
  assert.is(rebound, 404)
  assert.is(await status(`${landing.url}?code=right&state=right`), 200)
  assert.match(String(await back), 'code=right')
  await landing.close?.()
})

test('nobody coming back, and a browser that cannot be opened, are failures', async () => {
  const failing = async (options: Parameters<typeof loopbackRedirect>[0]): Promise<unknown> => {
    const landing = await loopbackRedirect(options).open()
    try {
      return await landing.visit(new URL('https://as.example/?state=s')).then(
        () => 'came back',
        (cause: unknown) => cause,
      )
    } finally {
      await landing.close?.()
    }
  }
  assert.ok(AuthorizationFailed.is(await failing({ open: () => {}, timeout: 20 })))
  assert.ok(
    AuthorizationFailed.is(
      await failing({
        open: () => {
          throw new Error('no display')
        },
      }),
    ),
  )
})

test.run()
