/** The validator that every other test trusts with its frames: it accepts the good ones and names what is wrong with the others. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { REVISIONS, SESSION_REVISIONS } from '@oarlock/protocol'
import { frameValidator } from './frame-validator.ts'

const frames = suite('frame validator')

const request = (method: string, params?: object, id: unknown = 1) => ({
  jsonrpc: '2.0',
  id,
  method,
  ...(params === undefined ? {} : { params }),
})
const notice = (method: string, params?: object) => ({ jsonrpc: '2.0', method, ...(params === undefined ? {} : { params }) })
const result = (value: object, id: unknown = 1) => ({ jsonrpc: '2.0', id, result: value })
const failure = (code: number, id?: unknown, data?: object) => ({
  jsonrpc: '2.0',
  ...(id === undefined ? {} : { id }),
  error: { code, message: 'no', ...(data === undefined ? {} : { data }) },
})

const envelope = {
  _meta: { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} },
}

for (const revision of REVISIONS) {
  const validate = frameValidator(revision)
  const session = SESSION_REVISIONS.includes(revision)
  const stamp = session ? {} : { resultType: 'complete' }
  const caching = session ? {} : { ttlMs: 0, cacheScope: 'private' }

  frames(`good frames of ${revision} pass`, () => {
    assert.equal(validate(request('tools/call', { name: 'a', ...(session ? {} : envelope) })), [])
    assert.equal(validate(result({ ...stamp, content: [{ type: 'text', text: 'a' }] }), { method: 'tools/call' }), [])
    assert.equal(validate(result({ ...stamp, ...caching, tools: [] }, 'a'), { method: 'tools/list' }), [])
    assert.equal(validate(notice('notifications/tools/list_changed')), [])
    assert.equal(validate(failure(-32601, 1)), [])
    assert.equal(validate(request('com.example/own', {}, 'x')), [])
  })

  frames(`frames that are no messages of ${revision} are named`, () => {
    const bad: readonly unknown[] = [
      null,
      'text',
      {},
      { ...request('tools/list'), jsonrpc: '1.0' },
      request('tools/list', {}, null),
      request('tools/list', {}, 1.5),
      { ...result({}), id: undefined },
      failure(1.5, 1),
      notice('tools/list'),
      request('notifications/progress', { progressToken: 1, progress: 1 }),
    ]
    for (const frame of bad) assert.not.equal(validate(frame), [], JSON.stringify(frame))
  })

  frames(`results of the wrong shape are named in ${revision}`, () => {
    const bad: readonly (readonly [string, object])[] = [
      ['tools/call', { ...stamp, content: 'text' }],
      ['tools/call', { ...stamp, content: [{ type: 'video' }] }],
      ['tools/call', { ...stamp, content: [{ type: 'image', data: 'not base64!', mimeType: 'image/png' }] }],
      ['tools/list', { ...stamp, ...caching, tools: [{ name: 'a' }] }],
      ['resources/list', { ...stamp, ...caching, resources: [{ name: 'a', uri: 'no uri' }] }],
      ['prompts/get', { ...stamp }],
    ]
    for (const [method, value] of bad) assert.not.equal(validate(result(value), { method }), [], `${method} ${JSON.stringify(value)}`)
  })
}

frames('S-MSG-20: a result with words of a newer revision is named', () => {
  const stamped = result({ resultType: 'complete', content: [] })
  for (const revision of SESSION_REVISIONS) assert.equal(frameValidator(revision)(stamped, { method: 'tools/call' }).length, 1)
  const titled = result({ tools: [{ name: 'a', title: 'A', inputSchema: { type: 'object' } }] })
  assert.not.equal(frameValidator('2025-03-26')(titled, { method: 'tools/list' }), [])
  assert.equal(frameValidator('2025-06-18')(titled, { method: 'tools/list' }), [])
})

frames('S-MSG-18: a result without its stamp is named in 2026-07-28', () => {
  const validate = frameValidator('2026-07-28')
  assert.not.equal(validate(result({ content: [] }), { method: 'tools/call' }), [])
  assert.not.equal(validate(result({ resultType: 'complete', tools: [] }), { method: 'tools/list' }), [])
})

frames('S-MRTR-01: a question in place of another result than the three is named', () => {
  const validate = frameValidator('2026-07-28')
  const asking = result({ resultType: 'input_required', requestState: 'x' })
  assert.equal(validate(asking, { method: 'tools/call' }), [])
  assert.not.equal(validate(asking, { method: 'tools/list' }), [])
})

frames('S-MSG-14, S-MSG-27: messages that a revision does not have are named', () => {
  assert.not.equal(frameValidator('2026-07-28')(request('roots/list')), [])
  assert.not.equal(frameValidator('2026-07-28')(notice('notifications/elicitation/complete', { elicitationId: '1' })), [])
  assert.not.equal(frameValidator('2025-11-25')(request('server/discover', envelope)), [])
  assert.not.equal(
    frameValidator('2025-03-26')(request('elicitation/create', { message: 'a', requestedSchema: { type: 'object', properties: {} } })),
    [],
  )
})

frames('S-MSG-15, S-MSG-16: codes that a revision must not send, and errors without their data, are named', () => {
  const validate = frameValidator('2026-07-28')
  for (const code of [-32002, -32042, -32050]) assert.not.equal(validate(failure(code, 1)), [])
  assert.not.equal(validate(failure(-32022, 1)), [])
  assert.equal(validate(failure(-32022, 1, { supported: ['2026-07-28'], requested: '1900-01-01' })), [])
  assert.not.equal(frameValidator('2025-06-18')(failure(-32042, 1)), [])
})

frames('S-MSG-08: an error for what could not be read has a null id before 2025-11-25, and none since', () => {
  assert.equal(frameValidator('2025-06-18')(failure(-32700, null)), [])
  assert.not.equal(frameValidator('2025-06-18')(failure(-32700)), [])
  assert.equal(frameValidator('2025-11-25')(failure(-32700)), [])
  assert.not.equal(frameValidator('2025-11-25')(failure(-32700, null)), [])
})

frames('S-BAT: only 2025-03-26 has batches', () => {
  const batch = [result({}), failure(-32601, 2)]
  for (const revision of REVISIONS) assert.is(frameValidator(revision)(batch).length === 0, revision === '2025-03-26', revision)
  assert.not.equal(frameValidator('2025-03-26')([]), [])
})

frames.run()
