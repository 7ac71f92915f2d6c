/** Params that a known method cannot take. These are answered in-band: the request itself was in order. */
import { exchange, session, type Case, type Outcome } from '../case.ts'

const WRONG: Outcome = { status: 200, code: -32602 }
const OFFICIAL: Outcome = { ...WRONG, official: [200, -32602] }

export const PARAMS: readonly Case[] = [
  exchange('an unknown tool', 'tools/call', { name: 'nope' }, OFFICIAL),
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map(name =>
    exchange(`row 15, T8: tool ${name}`, 'tools/call', { name }, WRONG),
  ),
  exchange('no tool name', 'tools/call', {}, WRONG),
  exchange('a tool name that is no text', 'tools/call', { name: 7 }, WRONG),
  exchange('a tool name in a list', 'tools/call', { name: ['echo'] }, WRONG),
  ...[null, 'x', 7, [{ text: 'x' }]].map(value =>
    exchange(`arguments are ${JSON.stringify(value)}`, 'tools/call', { name: 'echo', arguments: value }, WRONG),
  ),
  exchange('an unknown prompt', 'prompts/get', { name: 'nope' }, OFFICIAL),
  exchange('row 15: prompt __proto__', 'prompts/get', { name: '__proto__' }, WRONG),
  exchange('a missing prompt argument', 'prompts/get', { name: 'review' }, OFFICIAL),
  exchange(
    'a prompt argument that is no text',
    'prompts/get',
    { name: 'review', arguments: { code: 7 } },
    {
      ...WRONG,
      official: [200, -32603],
      departs: 'the official answer is sloppy: the argument is what is wrong',
    },
  ),
  exchange('prompt arguments that are a list', 'prompts/get', { name: 'review', arguments: [] }, WRONG),
  exchange('an unknown resource', 'resources/read', { uri: 'page://none' }, { ...OFFICIAL, data: { uri: 'page://none' } }),
  exchange('no URI', 'resources/read', {}, WRONG),
  exchange('a URI that is no text', 'resources/read', { uri: { href: 'page://one' } }, WRONG),
  ...['garbage', '', 7, null].map(cursor => exchange(`cursor ${JSON.stringify(cursor)}`, 'tools/list', { cursor }, WRONG)),
  exchange('listening to nothing in particular', 'subscriptions/listen', {}, OFFICIAL),
  exchange('listening to a list', 'subscriptions/listen', { notifications: ['toolsListChanged'] }, WRONG),
  exchange('a wish that is no yes or no', 'subscriptions/listen', { notifications: { toolsListChanged: 'yes' } }, WRONG),
  exchange('URIs that are none', 'subscriptions/listen', { notifications: { resourceSubscriptions: [7] } }, WRONG),
  ...['', 'garbage', '__proto__', 7, {}, 'A'.repeat(300_000)].map(requestState =>
    exchange(`T11: requestState ${JSON.stringify(requestState).slice(0, 20)}`, 'tools/call', { name: 'form', requestState }, WRONG),
  ),
  ...['x', [], 7].map(inputResponses =>
    exchange(`inputResponses are ${JSON.stringify(inputResponses)}`, 'tools/call', { name: 'form', inputResponses }, WRONG),
  ),

  session('in a session: an unknown tool', 'tools/call', { name: 'nope' }, WRONG),
  session(
    'in a session: an unknown resource has a number of its own',
    'resources/read',
    { uri: 'page://none' },
    {
      status: 200,
      code: -32002,
      data: { uri: 'page://none' },
    },
  ),
  session('in a session: an unknown log level', 'logging/setLevel', { level: 'loud' }, WRONG),
  session('in a session: subscribing to nothing', 'resources/subscribe', {}, WRONG),
  session('in a session: subscribing to what is not there', 'resources/subscribe', { uri: 'page://none' }, { status: 200, code: -32002 }),
  session('in a session: a bad cursor', 'tools/list', { cursor: 'garbage' }, WRONG),
  session('S-MSG-12: in a session: params that are a list', 'tools/list', ['x'], { status: 400, code: -32602 }),
]
