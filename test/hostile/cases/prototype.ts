/** Keys and names that mean something to JavaScript, everywhere a client can write any (THREATS 15, T8). */
import { EVERYWHERE, EXCHANGES, SESSIONS, type Case, type Expected } from '../case.ts'
import {
  asked,
  BAD_PARAMS,
  ENVELOPE,
  FAILED,
  ID,
  INITIALIZE,
  NO_MESSAGE,
  NOT_THERE,
  one,
  request,
  SERVED,
  SILENCE,
  STREAM,
  Worded,
} from '../message.ts'
import { PROTOTYPE_NAMES } from '../prototype-names.ts'

const RULE = 'row 15, T8, S-MSG-25'

/** Poisons the objects it is in, if anybody copies it member by member. */
const POISON =
  '"__proto__":{"isError":true,"polluted":"yes","name":"form","toString":1},"constructor":{"prototype":{"polluted":"yes"}},"prototype":{"polluted":"yes"}'

/** A good request in which a text stands for what is put in raw: JSON.stringify would lose an own `__proto__`. */
const raw = (
  what: string,
  method: string,
  params: object,
  poisoned: Readonly<Record<string, string>>,
  expect: Expected,
  over = EVERYWHERE,
): Case =>
  one(
    what,
    RULE,
    new Worded(talk =>
      Object.entries(poisoned).reduce(
        (text, [mark, by]) => text.replaceAll(`"${mark}":0`, by),
        JSON.stringify(request(talk, method, params)),
      ),
    ),
    expect,
    { over },
  )

const MARK = { POISON: 0 }
const poison = { POISON: POISON }
const meta = { ...ENVELOPE, ...MARK }

export const PROTOTYPE_CASES: readonly Case[] = [
  ...PROTOTYPE_NAMES.map(name => asked(`the tool ${name}`, RULE, 'tools/call', { name, arguments: {} }, BAD_PARAMS)),
  ...PROTOTYPE_NAMES.map(name => asked(`the prompt ${name}`, RULE, 'prompts/get', { name }, BAD_PARAMS)),
  ...PROTOTYPE_NAMES.map(name => asked(`the resource ${name}`, RULE, 'resources/read', { uri: name }, NOT_THERE)),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `completing the prompt ${name}`,
      RULE,
      'completion/complete',
      { ref: { type: 'ref/prompt', name }, argument: { name: 'code', value: '' } },
      BAD_PARAMS,
    ),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `completing the argument ${name}`,
      RULE,
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'review' }, argument: { name, value: '' } },
      BAD_PARAMS,
    ),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(`subscribing to ${name}`, RULE, 'resources/subscribe', { uri: name }, NOT_THERE, { over: SESSIONS }),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(`unsubscribing from ${name}, which was never subscribed to`, RULE, 'resources/unsubscribe', { uri: name }, SERVED, {
      over: SESSIONS,
    }),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `listening for ${name}`,
      RULE,
      'subscriptions/listen',
      JSON.parse(`{"notifications":{"toolsListChanged":true,"${name}":true}}`),
      STREAM,
      { over: ['http exchange'] },
    ),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `the argument ${name} beside a good one`,
      RULE,
      'tools/call',
      JSON.parse(`{"name":"echo","arguments":{"text":"x","${name}":{"x":1}}}`),
      { outcome: 'answered', status: 200, id: ID },
    ),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `the argument ${name} instead of a good one`,
      RULE,
      'tools/call',
      JSON.parse(`{"name":"echo","arguments":{"${name}":{"text":"x"}}}`),
      FAILED,
    ),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(`the prompt argument ${name}`, RULE, 'prompts/get', JSON.parse(`{"name":"review","arguments":{"${name}":"x"}}`), BAD_PARAMS),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `the text ${name} is a text`,
      RULE,
      'tools/call',
      { name: 'echo', arguments: { text: name } },
      { ...SERVED, says: new RegExp(name) },
    ),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `the key ${name} in _meta`,
      RULE,
      'tools/list',
      JSON.parse(`{"_meta":{${JSON.stringify(ENVELOPE).slice(1, -1)},"${name}":{"x":1}}}`),
      SERVED,
      { over: EXCHANGES },
    ),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `the progress token ${name}`,
      RULE,
      'tools/call',
      { name: 'chatter', _meta: { ...ENVELOPE, progressToken: name } },
      { outcome: 'answered', status: 200, answers: 1, says: new RegExp(`"progressToken":"${name}"`) },
      { over: EXCHANGES.filter(way => way.startsWith('http')) },
    ),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `the capability ${name}`,
      RULE,
      'tools/list',
      JSON.parse(
        `{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"${name}":{"form":{}}}}}`,
      ),
      SERVED,
      { over: EXCHANGES },
    ),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `the extension ${name}`,
      RULE,
      'tools/list',
      JSON.parse(
        `{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"extensions":{"${name}":{}}}}}`,
      ),
      SERVED,
      { over: EXCHANGES },
    ),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `capabilities behind ${name} are none`,
      RULE,
      'tools/call',
      JSON.parse(
        `{"name":"form","_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"${name}":{"elicitation":{"form":{}}}}}}`,
      ),
      { outcome: 'refused', status: 400, code: -32021, id: ID },
      { over: EXCHANGES },
    ),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    one(`cancelling ${name}`, RULE, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: name } }, SILENCE),
  ),
  ...PROTOTYPE_NAMES.map(name =>
    one(
      `progress of ${name}`,
      RULE,
      { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: name, progress: 1 } },
      SILENCE,
    ),
  ),
  ...PROTOTYPE_NAMES.map(name => one(`an answer to ${name}`, RULE, { jsonrpc: '2.0', id: name, result: {} }, SILENCE, { over: SESSIONS })),
  ...PROTOTYPE_NAMES.map(name =>
    asked(
      `an answer by the key ${name}`,
      RULE,
      'tools/call',
      JSON.parse(`{"name":"form","inputResponses":{"${name}":{"action":"accept","content":{"name":"x"}}}}`),
      { outcome: 'answered', status: 200, id: ID, says: /input_required|-32602/ },
      { over: EXCHANGES },
    ),
  ),
  ...PROTOTYPE_NAMES.map(name => asked(`the log level ${name}`, RULE, 'logging/setLevel', { level: name }, BAD_PARAMS, { over: SESSIONS })),
  raw('poison in the params', 'tools/call', { name: 'echo', arguments: { text: 'x' }, ...MARK }, poison, SERVED),
  raw('poison in the arguments', 'tools/call', { name: 'echo', arguments: { text: 'x', ...MARK } }, poison, {
    outcome: 'answered',
    status: 200,
    id: ID,
  }),
  raw('poison instead of arguments', 'tools/call', { name: 'echo', arguments: MARK }, poison, FAILED),
  raw('poison in _meta', 'tools/call', { name: 'echo', arguments: { text: 'x' }, _meta: meta }, poison, SERVED, EXCHANGES),
  raw(
    'poison in the capabilities',
    'tools/call',
    { name: 'echo', arguments: { text: 'x' }, _meta: { ...ENVELOPE, 'io.modelcontextprotocol/clientCapabilities': MARK } },
    poison,
    SERVED,
    EXCHANGES,
  ),
  raw(
    'poison in clientInfo',
    'tools/call',
    {
      name: 'echo',
      arguments: { text: 'x' },
      _meta: { ...ENVELOPE, 'io.modelcontextprotocol/clientInfo': { name: 'x', version: '1', ...MARK } },
    },
    poison,
    SERVED,
    EXCHANGES,
  ),
  raw('poison among the wishes', 'subscriptions/listen', { notifications: { toolsListChanged: true, ...MARK } }, poison, STREAM, [
    'http exchange',
  ]),
  raw(
    'poison among the answers',
    'tools/call',
    { name: 'form', inputResponses: { who: { action: 'accept', content: MARK } } },
    poison,
    { outcome: 'answered', status: 200, id: ID },
    EXCHANGES,
  ),
  raw(
    'poison in a reference',
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'review', ...MARK }, argument: { name: 'code', value: 'x', ...MARK }, context: { arguments: MARK } },
    poison,
    { outcome: 'answered', status: 200, id: ID },
  ),
  raw(
    'poison in a handshake',
    'initialize',
    { ...INITIALIZE, capabilities: MARK, ...MARK },
    poison,
    { outcome: 'refused', status: 400, code: -32600, id: ID },
    SESSIONS,
  ),
  one('poison around a message', RULE, `{"__proto__":${JSON.stringify(request('exchange', 'tools/list'))}}`, NO_MESSAGE),
  one(
    'poison in the envelope of a message',
    RULE,
    new Worded(talk => JSON.stringify(request(talk, 'tools/list')).replace('{', `{${POISON},`)),
    SERVED,
  ),
  one('a method behind __proto__', RULE, `{"jsonrpc":"2.0","id":"${ID}","__proto__":{"method":"tools/list"}}`, {
    outcome: 'refused',
    status: 400,
    code: -32600,
    id: ID,
  }),
  one(
    'an envelope behind __proto__ is none',
    RULE,
    `{"jsonrpc":"2.0","id":"${ID}","method":"tools/list","params":{"_meta":{"__proto__":${JSON.stringify(ENVELOPE)}}}}`,
    { outcome: 'refused', status: 400, code: -32602, id: ID },
    { over: ['http exchange'] },
  ),
  asked('after all that nothing is polluted', RULE, 'tools/list', {}, { ...SERVED, says: /^(?!.*polluted)/s }),
]
