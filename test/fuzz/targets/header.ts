/**
 * Values of headers. Whatever the text: what a header carries is text or nothing, no longer than the header; what is read can be written and
 * is read again the same; what is written is visible ASCII on one line; `Host`, `Origin`, `Accept` and `Content-Type` are read or refused; and
 * the headers that a client makes of a call's arguments are those that the server wants to see.
 */
import * as assert from 'node:assert/strict'
import {
  checkParamHeaders,
  decodeHeaderValue,
  encodeHeaderValue,
  HostGate,
  paramHeaders,
  headerParams,
  sameHeaderValue,
} from '@oarlock/protocol'
import { accepts, isEventStream, isJson, isPlain } from '../../../packages/http/src/media-type.ts'

export const words = [
  '=?base64?',
  '?=',
  'Zm9v',
  '42.0',
  '-0',
  '9007199254740992',
  'http://127.0.0.1:80',
  '[::1]',
  'null',
  ';q=0',
  '{"text":',
  '{"deep":{"number":',
]

const { params } = headerParams({
  type: 'object',
  properties: {
    text: { type: 'string', 'x-mcp-header': 'Text' },
    flag: { type: 'boolean', 'x-mcp-header': 'Flag' },
    deep: { type: 'object', properties: { number: { type: 'integer', 'x-mcp-header': 'Number' } } },
  },
})
const gate = new HostGate({})

export function fuzz(input: Buffer): void {
  const header = input.toString('latin1')
  received(header)
  sent(input.toString('utf8'))
  for (const text of [header, header.trim()]) {
    isJson(text)
    isEventStream(text)
    isPlain(text)
    accepts(text, 'application/json')
    mirrored(text)
  }
  const [host = '', origin] = header.split('\n')
  if (gate.admits(host, origin)) admitted(host, origin)
}

/** Who is let in without any list is this machine, also in the eyes of another reader of URLs. */
function admitted(host: string, origin: string | undefined): void {
  for (const url of [`http://${host}/`, origin ?? 'http://localhost']) {
    if (URL.canParse(url)) assert.match(new URL(url).hostname, /^(?:localhost\.?|\[::1\]|127(?:\.\d+){3}\.?)$/i, url)
  }
}

function received(header: string): void {
  const value = decodeHeaderValue(header)
  if (value === undefined) {
    for (const scalar of ['', header, 0, true]) assert.equal(sameHeaderValue(header, scalar), false)
    return
  }
  assert.ok(value.length <= header.length)
  assert.ok(sameHeaderValue(header, value))
  assert.equal(decodeHeaderValue(encodeHeaderValue(value)), value)
}

function sent(value: string): void {
  const header = encodeHeaderValue(value)
  assert.match(header, /^[\x20-\x7e]*$/)
  assert.equal(decodeHeaderValue(header), value)
  assert.equal(sameHeaderValue(header, `${value}x`), false)
}

function mirrored(text: string): void {
  let args: unknown
  try {
    args = JSON.parse(text)
  } catch {
    return
  }
  const headers = new Map(paramHeaders(params, args).map(([name, value]) => [name.toLowerCase(), value]))
  for (const value of headers.values()) assert.match(value, /^[\x20-\x7e]*$/)
  const problem = checkParamHeaders(params, args, name => headers.get(name))
  if (problem !== undefined) assert.match(problem, /outside ±/)
}
