/** The order of the steps, and what each of them refuses, over both doors. */
import { Fault, REVISIONS } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { DOORS, type Open, type OpenDoor } from './doors.ts'
import { TestService } from './service.ts'
import { ask, call, initialize, modern, tool } from './wire.ts'

const test = suite('endpoint')

const opened: Open[] = []
test.after.each(async () => {
  for (const door of opened.splice(0)) await door.close()
})

for (const [name, openDoor] of DOORS) {
  const open: OpenDoor = async (service, options) => {
    const door = await openDoor(service, options)
    opened.push(door)
    return door
  }

  test(`${name}: each step refuses before the next one looks`, async () => {
    let asked = 0
    const { port } = await open(new TestService(), {
      bodyLimit: 2000,
      authenticate: head => {
        asked += 1
        if (head.headers?.get('authorization') === 'Bearer good') return { id: 'ann' }
        return new Fault('UNAUTHENTICATED', undefined, { headers: { 'WWW-Authenticate': 'Bearer' } })
      },
    })
    // Everything is wrong; then one thing after the other is put right.
    const headers: Record<string, string | undefined> = {
      origin: 'http://evil.example',
      'content-type': 'text/plain',
      'mcp-protocol-version': '2026-07-28',
    }
    let method = 'PUT'
    let body: unknown = 'x'.repeat(3000)
    const send = () => ask(port, { method, headers, body })
    const expect = async (status: number, code: number) => {
      const answer = await send()
      assert.is(answer.status, status)
      assert.is(answer.json.error.code, code)
      return answer
    }
    await expect(403, -32000)
    assert.is(asked, 0, 'S-AUTH-21: host and origin come before authentication')
    delete headers['origin']
    assert.is((await expect(401, 401)).headers['www-authenticate'], 'Bearer')
    headers['authorization'] = 'Bearer good'
    assert.match(String((await expect(405, -32000)).headers['allow']), /POST/)
    method = 'POST'
    await expect(415, -32000)
    headers['content-type'] = 'application/json; charset=utf-8'
    await expect(413, -32000)
    body = '{"jsonrpc":'
    await expect(400, -32700)
    body = { jsonrpc: '1.0', id: 5 }
    assert.is((await expect(400, -32600)).json.id, 5)
    body = { jsonrpc: '2.0', id: 5, method: 'tools/call', params: { name: 'echo' } }
    assert.is((await expect(400, -32602)).json.id, 5)
    body = tool('echo', {}, 5).body
    headers['mcp-protocol-version'] = '2025-11-25'
    await expect(400, -32020)
    delete headers['mcp-protocol-version']
    await expect(400, -32020)
    headers['mcp-protocol-version'] = '2026-07-28'
    await expect(400, -32020)
    headers['mcp-method'] = 'tools/call'
    await expect(400, -32020)
    headers['mcp-name'] = 'admin'
    assert.is((await expect(400, -32020)).json.error.data.mismatch.header, 'admin', '19: the header names one tool, the body another')
    headers['mcp-name'] = 'echo'
    assert.is((await send()).status, 200)
  })

  test(`${name}: an unsupported version that header and body agree on names those there are`, async () => {
    const { port } = await open(new TestService())
    const { headers, body } = tool('echo')
    body.params._meta = { ...body.params._meta, 'io.modelcontextprotocol/protocolVersion': '2099-01-01' }
    const answer = await ask(port, { headers: { ...headers, 'mcp-protocol-version': '2099-01-01' }, body })
    assert.is(answer.status, 400)
    assert.is(answer.json.error.code, -32022)
    assert.equal(answer.json.error.data, { supported: ['2026-07-28'], requested: '2099-01-01' })
  })

  test(`T2: ${name}: only a parsed media type of application/json is taken`, async () => {
    const { port } = await open(new TestService())
    const { headers, body } = tool('echo')
    const refused = [
      'text/plain',
      'text/plain; x=application/json',
      'application/json-patch+json',
      'application/jsonp',
      'multipart/form-data; boundary=application/json',
      undefined,
    ]
    for (const type of refused)
      assert.is((await ask(port, { headers: { ...headers, 'content-type': type }, body })).status, 415, String(type))
    for (const type of ['application/json', 'Application/JSON ; charset=utf-8']) {
      assert.is((await ask(port, { headers: { ...headers, 'content-type': type }, body })).status, 200, type)
    }
  })

  test(`T25: ${name}: a compressed body is not inflated`, async () => {
    const { port } = await open(new TestService())
    const { headers, body } = tool('echo')
    for (const encoding of ['gzip', 'br', 'identity, gzip']) {
      assert.is((await ask(port, { headers: { ...headers, 'content-encoding': encoding }, body })).status, 415, encoding)
    }
    assert.is((await ask(port, { headers: { ...headers, 'content-encoding': 'identity' }, body })).status, 200)
  })

  test(`${name}: HEAD, PUT and PATCH are not allowed, and the answer says what is`, async () => {
    const { port } = await open(new TestService())
    for (const method of ['HEAD', 'PUT', 'PATCH']) {
      const answer = await ask(port, { method })
      assert.is(answer.status, 405)
      assert.is(answer.headers['allow'], 'GET, POST, DELETE')
    }
  })

  test(`${name}: S-MSG-08: what has no id that could be read is refused with a null one in the revisions whose errors have one`, async () => {
    const { port } = await open(new TestService())
    const unread = [Buffer.from([0x22, 0xff, 0x22]), '{', JSON.stringify([tool('echo').body])]
    for (const [version, id] of [
      ['2025-03-26', null],
      ['2025-06-18', null],
      ['2025-11-25', undefined],
    ] as const) {
      for (const body of unread) assert.is((await ask(port, { headers: { 'mcp-protocol-version': version }, body })).json.id, id, version)
    }
  })

  test(`${name}: invalid messages are refused with at least 400 and echo an id that can be read`, async () => {
    const { port } = await open(new TestService())
    const cases: [unknown, number, unknown][] = [
      ['', -32700, undefined],
      ['{', -32700, undefined],
      ['[]', -32600, undefined],
      ['null', -32600, undefined],
      ['"x"', -32600, undefined],
      [{ jsonrpc: '2.0', id: null, method: 'x' }, -32600, undefined],
      [{ jsonrpc: '2.0', id: 1.5, method: 'x' }, -32600, undefined],
      [{ jsonrpc: '2.0', id: 3, method: 7 }, -32600, 3],
      [{ jsonrpc: '2.0', id: 3, method: 'x', params: [1] }, -32602, 3],
      [{ jsonrpc: '2.0', id: 3, method: 'x', result: {} }, -32600, 3],
      [{ jsonrpc: '2.0', id: 'q', result: {}, error: {} }, -32600, 'q'],
      [Buffer.from('{"jsonrpc":"2.0","id":1,"method":"\xff"}', 'latin1'), -32700, undefined],
      [`\ufeff${JSON.stringify(tool('echo').body)}`, -32700, undefined],
      ['['.repeat(500_000), -32600, undefined],
      [`{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":${'['.repeat(100)}${']'.repeat(100)}}}`, -32600, undefined],
      [`[${Array.from({ length: 101 }, () => JSON.stringify(call('echo'))).join(',')}]`, -32600, undefined],
    ]
    for (const [body, code, id] of cases) {
      const answer = await ask(port, { body })
      const label = String(body).slice(0, 60)
      assert.is(answer.status, 400, label)
      assert.is(answer.json.error.code, code, label)
      assert.is(answer.json.id, id, label)
    }
  })

  test(`T35: ${name}: an unknown method is not echoed at length`, async () => {
    const { port } = await open(new TestService())
    const method = 'x'.repeat(100_000)
    const answer = await ask(port, {
      headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call' },
      body: modern(method).body,
    })
    assert.is(answer.status, 400)
    assert.ok(answer.text.length < 1000)
  })

  test(`row 20: ${name}: of duplicate keys the last one counts, and headers are compared with it`, async () => {
    const { port } = await open(new TestService())
    const { headers, body } = tool('echo')
    const text = JSON.stringify(body).replace('"method":"tools/call"', '"method":"tools/call","method":"ping"')
    assert.is((await ask(port, { headers, body: text })).json.error.code, -32020)
  })

  test(`${name}: a server of the newest revision only names its versions to everybody else`, async () => {
    const service = new TestService()
    service.revisions = ['2026-07-28']
    const { port } = await open(service)
    assert.is((await ask(port, tool('echo'))).status, 200)
    const init = await ask(port, { body: initialize('2025-06-18', 4) })
    assert.is(init.status, 400)
    assert.is(init.json.id, 4)
    assert.equal(init.json.error.data.supported, ['2026-07-28'])
    assert.match(init.json.error.message, /2026-07-28/)
    assert.is((await ask(port, { body: call('echo') })).json.error.code, -32602)
    assert.is((await ask(port, { body: { jsonrpc: '2.0', method: 'notifications/initialized' } })).status, 202)
    assert.is((await ask(port, { body: { jsonrpc: '2.0', id: 1, result: {} } })).status, 400)
    for (const method of ['GET', 'DELETE']) {
      const answer = await ask(port, { method })
      assert.is(answer.status, 405)
      assert.is(answer.headers['allow'], 'POST')
    }
  })

  test(`${name}: a server without the newest revision tells clients of it so`, async () => {
    const service = new TestService()
    service.revisions = REVISIONS.slice(0, 4)
    const { port } = await open(service)
    const answer = await ask(port, tool('echo'))
    assert.is(answer.status, 400)
    assert.is(answer.json.error.code, -32022)
  })

  test(`${name}: initialize with the header of the newest revision is a contradiction (S-VER-10)`, async () => {
    const { port } = await open(new TestService())
    const answer = await ask(port, { headers: { 'mcp-protocol-version': '2026-07-28' }, body: initialize('2025-11-25', 8) })
    assert.is(answer.status, 400)
    assert.is(answer.json.error.code, -32020)
    assert.is(answer.json.id, 8)
  })

  test(`${name}: authentication may take its time, and whatever it does wrong never lets anyone in`, async () => {
    const service = new TestService()
    let verdict: () => any = () => Promise.resolve({ id: 'ann', clientId: 'c' })
    const { port } = await open(service, { authenticate: () => verdict() })
    const who = async () => ask(port, tool('whoami'))
    assert.is((await who()).json.result.content[0].text, '["ann","c"]')
    verdict = () => Promise.resolve(new Fault('FORBIDDEN'))
    assert.is((await who()).status, 403)
    verdict = () => {
      throw new Fault('UNAUTHENTICATED')
    }
    assert.is((await who()).status, 401)
    for (const wrong of [
      () => undefined,
      () => Promise.resolve(undefined),
      () => ({}),
      () => Promise.reject(new Error('key server down')),
      () => {
        throw new Error('x')
      },
    ]) {
      verdict = wrong
      const answer = await who()
      assert.is(answer.status, 500)
      assert.not.match(answer.text, /key server/)
    }
    assert.is(service.heads.length, 1, 'S-AUTH-19: the server is not reached before authentication')
    assert.is(service.reports.length, 5)
  })

  test(`${name}: the head says who is asking, from where, and with what headers`, async () => {
    const service = new TestService()
    const { port } = await open(service, { authenticate: head => ({ id: String(head.headers?.get('X-User')) }) })
    const { headers, body } = tool('echo')
    await ask(port, { headers: { ...headers, 'x-user': 'ann' }, body })
    const head = service.heads[0]!
    assert.is(head.transport, 'http')
    assert.is(head.principal?.id, 'ann')
    assert.match(String(head.remote), /127\.0\.0\.1$/)
    assert.is(head.headers?.get('x-USER'), 'ann')
    assert.is(head.headers?.get('absent'), undefined)
    for (const name of ['__proto__', 'constructor', 'toString']) assert.is(head.headers?.get(name), undefined, `T8: ${name}`)
  })
}

test.run()
