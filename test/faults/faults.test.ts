/** Every name of the table of faults, provoked on a running server: it has the number and the status of its row. */
import { FAULTS, numbersOf, type FaultName, type Revision } from '@oarlock/protocol'
import { Fault, type HttpOptions } from 'oarlock'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { Raw, stream, type Answer } from '../../packages/http/test/wire.ts'
import { Stage } from './stage.ts'

const test = suite('faults')

interface Provocation {
  readonly options?: HttpOptions
  /** The revision whose numbers are expected; the newest when absent. */
  readonly revision?: Revision
  readonly run: (stage: Stage) => Promise<Answer | { readonly status: number; readonly json: unknown }>
}

const refusing = (name: FaultName): HttpOptions => ({ authenticate: () => new Fault(name) })
const JSON_TEXT = '{"jsonrpc":"2.0","id":1,"method":"ping"}'

const PROVOKED: Readonly<Record<FaultName, Provocation>> = {
  PARSE_ERROR: { run: stage => stage.ask({ body: '{' }) },
  INVALID_REQUEST: { run: stage => stage.ask({ body: '[]' }) },
  METHOD_NOT_FOUND: { run: stage => stage.call('no/such') },
  INVALID_PARAMS: { run: stage => stage.call('tools/call', { name: 'echo', arguments: 7 }) },
  INVALID_ENVELOPE: { run: stage => stage.ask({ headers: { 'mcp-protocol-version': '2026-07-28' }, body: JSON_TEXT }) },
  INTERNAL_ERROR: { run: stage => stage.call('resources/read', { uri: 'page://broken' }) },
  HEADER_MISMATCH: { run: stage => stage.call('tools/call', { name: 'echo' }, { headers: { 'mcp-name': 'throw' } }) },
  MISSING_CAPABILITY: { run: stage => stage.call('tools/call', { name: 'ask' }) },
  UNSUPPORTED_VERSION: {
    run: async stage => {
      const version = '2099-01-01'
      const _meta = { 'io.modelcontextprotocol/protocolVersion': version, 'io.modelcontextprotocol/clientCapabilities': {} }
      const body = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta } }
      return stage.ask({ headers: { 'mcp-protocol-version': version }, body })
    },
  },
  URL_ELICITATION_REQUIRED: {
    revision: '2025-11-25',
    run: async stage => {
      const initialize = {
        protocolVersion: '2025-11-25',
        capabilities: { elicitation: { url: {} } },
        clientInfo: { name: 'x', version: '1' },
      }
      const opened = await stage.ask({ body: { jsonrpc: '2.0', id: 0, method: 'initialize', params: initialize } })
      return stage.inSession('tools/call', { name: 'page' }, { 'mcp-session-id': String(opened.headers['mcp-session-id']) })
    },
  },
  TOOL_NOT_FOUND: { run: stage => stage.call('tools/call', { name: 'nope' }) },
  PROMPT_NOT_FOUND: { run: stage => stage.call('prompts/get', { name: 'nope' }) },
  RESOURCE_NOT_FOUND: { run: stage => stage.call('resources/read', { uri: 'page://none' }) },
  INVALID_CURSOR: { run: stage => stage.call('tools/list', { cursor: 'x' }) },
  INVALID_STATE: { run: stage => stage.call('tools/call', { name: 'ask', requestState: 'x' }, { capabilities: { elicitation: {} } }) },
  UNAUTHENTICATED: { options: refusing('UNAUTHENTICATED'), run: stage => stage.call('tools/list') },
  FORBIDDEN: { run: stage => stage.call('tools/call', { name: 'refuse' }) },
  RATE_LIMITED: { run: async stage => (await stage.call('prompts/list'), stage.call('prompts/list')) },
  SHUTTING_DOWN: {
    run: async stage => {
      // A request that is under way when the server closes.
      const raw = new Raw(stage.port).write(head(stage, JSON_TEXT.length) + JSON_TEXT.slice(0, 5))
      await stage.call('tools/list')
      const closed = stage.server.close({ within: 2000 })
      raw.write(JSON_TEXT.slice(5))
      const answer = answerOf(await raw.until(/\r\n\r\n\{.*\}$/s))
      await closed
      return answer
    },
  },
  OVERLOADED: {
    run: async stage => {
      const notifications = { toolsListChanged: true }
      const first = await listening(stage, notifications)
      await first.message()
      const second = await stage.call('subscriptions/listen', { notifications })
      first.leave()
      return second
    },
  },
  FOREIGN_ORIGIN: { run: stage => stage.call('tools/list', {}, { headers: { origin: 'https://evil.example' } }) },
  METHOD_NOT_ALLOWED: { run: stage => stage.ask({ method: 'PUT' }) },
  NOT_ACCEPTABLE: { revision: '2025-11-25', run: stage => stage.inSession('tools/list', {}, { accept: 'application/json' }) },
  UNSUPPORTED_MEDIA_TYPE: { run: stage => stage.ask({ headers: { 'content-type': 'text/plain' }, body: JSON_TEXT }) },
  TOO_LARGE: { options: { bodyLimit: 10 }, run: stage => stage.ask({ body: JSON_TEXT }) },
  BODY_TIMEOUT: {
    run: async stage => {
      const raw = new Raw(stage.port).write(head(stage, JSON_TEXT.length) + JSON_TEXT.slice(0, 5))
      await stage.call('tools/list')
      stage.clock.advance(40_000)
      const answer = answerOf(await raw.until(/\r\n\r\n\{.*\}$/s))
      raw.end()
      return answer
    },
  },
  STREAM_CONFLICT: {
    revision: '2025-11-25',
    run: async stage => {
      const headers = { ...(await stage.session()), accept: 'text/event-stream' }
      const first = await stream(stage.port, { method: 'GET', headers })
      assert.is(first.status, 200)
      const second = await stage.ask({ method: 'GET', headers })
      first.leave()
      return second
    },
  },
  VERSION_HEADER: { revision: '2025-11-25', run: stage => stage.inSession('tools/list', {}, { 'mcp-protocol-version': '2024-01-01' }) },
  SESSION_REQUIRED: { revision: '2025-11-25', run: stage => stage.inSession('tools/list', {}, { 'mcp-session-id': undefined }) },
  SESSION_NOT_FOUND: { revision: '2025-11-25', run: stage => stage.inSession('tools/list', {}, { 'mcp-session-id': 'nope' }) },
}

function head({ port }: Stage, length: number): string {
  return `POST /mcp HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\ncontent-type: application/json\r\naccept: application/json, text/event-stream\r\ncontent-length: ${length}\r\n\r\n`
}

function answerOf(text: string): { status: number; json: unknown } {
  return { status: Number(text.slice(9, 12)), json: JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) }
}

function listening({ port }: Stage, notifications: object) {
  const _meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} }
  return stream(port, {
    headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'subscriptions/listen' },
    body: { jsonrpc: '2.0', id: 1, method: 'subscriptions/listen', params: { notifications, _meta } },
  })
}

for (const name of Object.keys(FAULTS) as FaultName[]) {
  const { options, revision, run } = PROVOKED[name]
  test(`${name} is answered with its number and status`, async () => {
    const stage = await Stage.open(options)
    try {
      const { status, json } = await run(stage)
      const { code, message } = (json as { error: { code: number; message: string } }).error
      const expected = numbersOf(name, revision)
      assert.equal([code, status], [expected.code, expected.status], message)
      assert.not.match(message, /secret/)
    } finally {
      await stage.close()
    }
  })
}

test.run()
