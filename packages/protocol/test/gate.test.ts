/** Hosts and origins, as they arrive and as they are configured. What a gate does at a real door is tested with each transport. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { HostGate, hostsServedBy } from '@oarlock/protocol'

const test = suite('gate')

test('T1, T3: without options it serves this machine by any of its names, to pages of this machine', () => {
  const gate = new HostGate({})
  for (const host of ['localhost', 'LOCALHOST.:1', '127.0.0.1:65535', '127.9.9.9', '[::1]', '[::1]:80']) {
    assert.ok(gate.admits(host, undefined), host)
    assert.ok(gate.admits(host, 'http://localhost:5173'), host)
    assert.not(gate.admits(host, 'http://evil.example'), host)
    assert.not(gate.admits(host, 'null'), host)
  }
  for (const host of [undefined, '', 'evil.example', 'localhost.evil.example', 'localhost@evil', '127.0.0.1.evil', '[::1]x', 'localhost:x'])
    assert.not(gate.admits(host, undefined), String(host))
})

test('T1: what was found good once is not good for another origin', () => {
  const gate = new HostGate({ allowedHosts: ['a.example'] })
  assert.ok(gate.admits('a.example', 'https://a.example'))
  assert.not(gate.admits('a.example', 'https://b.example'))
  assert.not(gate.admits('b.example', 'https://a.example'))
})

test('T1: an Origin whose scheme is none is no page of this machine', () => {
  const gate = new HostGate({})
  for (const origin of ['hh:://[::1]', '://localhost', '1http://localhost', 'ht tp://localhost', 'a/b://127.0.0.1', 'null://x://localhost'])
    assert.not(gate.admits('localhost', origin), origin)
})

test('a client cannot make the memory of good hosts grow', () => {
  const gate = new HostGate({ allowAnyHost: true })
  for (let i = 0; i < 10_000; i++) assert.ok(gate.admits(`host${i}.example`, undefined))
  assert.ok(gate.admits('host9999.example', undefined))
})

test('row 2: a host beyond loopback needs a word on its names; on loopback its own names are added', () => {
  for (const host of ['0.0.0.0', '::', '192.0.2.1', 'example.com']) {
    assert.throws(() => hostsServedBy('it', host, {}), new RegExp(`it would bind ${host.replaceAll('.', '\\.')}`))
    assert.is(hostsServedBy('it', host, { allowAnyHost: true }), undefined)
    assert.equal(hostsServedBy('it', host, { allowedHosts: ['a.example'] }), ['a.example'])
  }
  for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1', '[::1]', '::ffff:127.0.0.1']) {
    assert.is(hostsServedBy('it', host, {}), undefined)
    assert.equal(hostsServedBy('it', host, { allowedHosts: ['a.example'] }), ['a.example', 'localhost', '127.0.0.1', '[::1]'])
  }
})

test('row 2: a word that stands for no does not open the gate', () => {
  const gate = new HostGate({ allowedHosts: ['mcp.example.com'], allowAnyHost: 'false' as unknown as boolean })
  assert.equal([gate.admits('mcp.example.com', undefined), gate.admits('evil.example', undefined)], [true, false])
})

test.run()
