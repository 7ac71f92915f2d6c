import { isLinkLocalHost, isLoopbackHost, isPrivateHost } from '@oarlock/protocol'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'

const test = suite('networks')

const LINK_LOCAL = [
  '169.254.169.254',
  '[fe80::1]',
  '[::ffff:169.254.1.1]',
  '[64:ff9b::a9fe:a9fe]',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '192.0.0.192',
]

test('T16: what is of the link is known in every spelling, and is private too', () => {
  for (const host of [...LINK_LOCAL, '0xa9fea9fe', 'metadata.google.internal', 'METADATA.']) {
    const { hostname } = new URL(`http://${host}/`)
    assert.ok(isLinkLocalHost(hostname), host)
    if (host !== '192.0.0.192') assert.ok(isPrivateHost(hostname), host)
  }
})

test('T16: loopback and private networks are not of the link', () => {
  for (const host of ['127.0.0.1', '10.0.0.1', '192.168.1.1', '[::1]', '[fd12::1]', 'localhost']) {
    assert.not(isLinkLocalHost(host), host)
    assert.ok(isPrivateHost(host), host)
  }
  assert.equal([isLoopbackHost('[::1]'), isLoopbackHost('10.0.0.1')], [true, false])
})

test('addresses of the public network are neither', () => {
  for (const host of ['93.184.215.14', '[2606:4700::1111]', 'example.com']) assert.not(isLinkLocalHost(host) || isPrivateHost(host), host)
})

test.run()
