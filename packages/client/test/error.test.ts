/** Errors that callers meet. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Cancelled, ConnectionClosed, Fault, type FaultName, LocalError, TimedOut, Unsupported } from '@oarlock/protocol'
import { InvalidAnswer, Rejected, RemoteFault, ToolFailed } from '../src/error.ts'

const test = suite('error')

test('C-MSG-05: an error answer keeps code, message and data; only codes of the protocol have names', () => {
  const fault = new RemoteFault('tools/call', { code: -32007, message: 'odd', data: { a: 1 } })
  assert.equal([fault.code, fault.message, fault.data, fault.fault, fault.method], [-32007, 'odd', { a: 1 }, undefined, 'tools/call'])
  const named: [number, FaultName | undefined][] = [
    [-32700, 'PARSE_ERROR'],
    [-32600, 'INVALID_REQUEST'],
    [-32601, 'METHOD_NOT_FOUND'],
    [-32602, 'INVALID_PARAMS'],
    [-32603, 'INTERNAL_ERROR'],
    [-32002, 'RESOURCE_NOT_FOUND'],
    [-32020, 'HEADER_MISMATCH'],
    [-32021, 'MISSING_CAPABILITY'],
    [-32022, 'UNSUPPORTED_VERSION'],
    [-32042, 'URL_ELICITATION_REQUIRED'],
    [-32000, undefined],
    [-32001, undefined],
    [401, undefined],
  ]
  for (const [code, name] of named) assert.is(new RemoteFault('x', { code, message: '' }).fault, name)
})

test('C-TOOL-06: a missing resource is recognised by either code', () => {
  assert.is(new RemoteFault('resources/read', { code: -32002, message: '' }).fault, 'RESOURCE_NOT_FOUND')
  assert.is(new RemoteFault('resources/read', { code: -32602, message: '', data: { uri: 'a://b' } }).fault, 'RESOURCE_NOT_FOUND')
  assert.is(new RemoteFault('resources/read', { code: -32602, message: '' }).fault, 'INVALID_PARAMS')
  assert.is(new RemoteFault('tools/call', { code: -32602, message: '', data: { uri: 'a://b' } }).fault, 'INVALID_PARAMS')
})

test('the pages of -32042 are shown, and those of other errors are not', () => {
  const page = { mode: 'url', url: 'https://a.example', message: 'm', elicitationId: '1' }
  assert.equal(new RemoteFault('x', { code: -32042, message: '', data: { elicitations: [page, 7, {}] } }).elicitations, [page])
  for (const data of [undefined, null, {}, { elicitations: {} }])
    assert.equal(new RemoteFault('x', { code: -32042, message: '', data }).elicitations, [])
  assert.equal(new RemoteFault('x', { code: -32602, message: '', data: { elicitations: [page] } }).elicitations, [])
})

test('an error of another server is not one of ours', () => {
  assert.not.ok(Fault.is(new RemoteFault('x', { code: -32602, message: '' })))
})

test('errors are told apart by is(), name and code', () => {
  const result = { content: [], isError: true }
  const all = [
    new ConnectionClosed(),
    new TimedOut('x'),
    new Cancelled(),
    new Unsupported('x'),
    new ToolFailed('t', result),
    new Rejected(),
    new InvalidAnswer('x'),
  ]
  const kinds = [ConnectionClosed, TimedOut, Cancelled, Unsupported, ToolFailed, Rejected, InvalidAnswer]
  for (const [index, error] of all.entries()) {
    assert.ok(LocalError.is(error))
    assert.equal(
      kinds.map(kind => kind.is(error)),
      kinds.map((_, other) => other === index),
    )
    assert.is(error.name, kinds[index]?.name)
    assert.instance(error, Error)
  }
  for (const value of [undefined, null, 'x', {}, new Error('x')]) assert.not.ok(kinds.some(kind => kind.is(value)) || RemoteFault.is(value))
})

test.run()
