/** Methods that are not there, and features that are not offered. */
import { META } from '@oarlock/protocol'
import { ENVELOPE, exchange, ID, session, type Case } from '../case.ts'

const GONE = { status: 404, code: -32601, official: [404, -32601] } as const

const INITIALIZE = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }

export const METHODS: readonly Case[] = [
  ...['no/such', '', 'TOOLS/LIST', 'tools', '__proto__', 'constructor', 'toString'].map(method =>
    exchange(`S-MSG-10: method ${JSON.stringify(method)}`, method, {}, { status: 404, code: -32601 }),
  ),
  exchange(
    'a method with a space, which no header can carry',
    'tools/list ',
    {},
    { status: 400, code: -32020, link: { code: -32601, id: ID } },
  ),
  exchange('S-VER-11: initialize with an envelope', 'initialize', INITIALIZE, GONE),
  ...['ping', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe', 'tasks/list'].map(method =>
    exchange(`${method}, which the stateless revision dropped`, method, { uri: 'page://one', level: 'info' }, GONE),
  ),
  ...['sampling/createMessage', 'elicitation/create', 'roots/list', 'notifications/initialized', 'notifications/cancelled'].map(method =>
    exchange(`${method}, which clients do not send as a request`, method, {}, { status: 404, code: -32601 }),
  ),
  exchange('S-MSG-11: a feature that is not offered', 'completion/complete', { ref: { type: 'ref/prompt', name: 'review' } }, GONE),
  exchange(
    'S-META-06, S-META-07: an undeclared capability is needed',
    'tools/call',
    { name: 'form' },
    {
      status: 400,
      code: -32021,
      data: { requiredCapabilities: { elicitation: { form: {} } } },
      official: [400, -32021],
    },
  ),
  exchange(
    'S-EL-03: only the other kind of elicitation is declared',
    'tools/call',
    { name: 'form', _meta: { ...ENVELOPE, [META.capabilities]: { elicitation: { url: {} } } } },
    { status: 400, code: -32021, data: { requiredCapabilities: { elicitation: { form: {} } } } },
  ),

  ...['no/such', 'server/discover', 'subscriptions/listen', 'sampling/createMessage', 'completion/complete', '__proto__'].map(method =>
    session(`in a session: ${method}`, method, {}, { status: 200, code: -32601 }),
  ),
]
