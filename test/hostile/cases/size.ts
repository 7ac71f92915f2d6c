/** What is nested too deep, too large, or too many. */
import { ALL, EVERYWHERE, EXCHANGES, type Case } from '../case.ts'
import { asked, BAD_PARAMS, FAILED, ID, NO_MESSAGE, NOT_THERE, one, request, SERVED, Worded } from '../message.ts'

const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const objects = (depth: number): string => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

/** Arguments of a text, which is put in raw. */
const nested = (what: string, deep: string): Case =>
  one(
    `arguments of ${what}`,
    'row 4, T23, S-MSG-26',
    new Worded(talk => JSON.stringify(request(talk, 'tools/call', { name: 'echo', arguments: { text: 'DEEP' } })).replace('"DEEP"', deep)),
    NO_MESSAGE,
    { over: ALL },
  )

export const SIZE_CASES: readonly Case[] = [
  ...[65, 100, 1000, 20_000, 200_000].flatMap(depth => [
    nested(`${depth} lists in each other`, lists(depth)),
    nested(`${depth} objects in each other`, objects(depth)),
  ]),
  ...[500_000, 1_000_000].map(depth => one(`${depth} lists that never end`, 'row 4, T23', '['.repeat(depth), NO_MESSAGE, { over: ALL })),
  one('200,000 objects that never end', 'row 4, T23', '{"a":'.repeat(200_000), NO_MESSAGE, { over: ALL }),
  one(
    'brackets in a text are no nesting',
    'T23',
    new Worded(talk => request(talk, 'tools/call', { name: 'echo', arguments: { text: '[{'.repeat(500) } })),
    SERVED,
    { over: ALL },
  ),
  one(
    'brackets behind an escaped quote are no nesting',
    'T23',
    new Worded(talk => request(talk, 'tools/call', { name: 'echo', arguments: { text: `\\"${'['.repeat(500)}` } })),
    SERVED,
    { over: ALL },
  ),
  asked(
    'arguments 40 deep are a matter of the schema',
    'T23',
    'tools/call',
    { name: 'echo', arguments: { text: JSON.parse(lists(40)) } },
    FAILED,
  ),
  asked(
    'a method of 1 MiB',
    'T35, row 5',
    'm'.repeat(2 ** 20),
    {},
    { outcome: 'refused', code: -32601, id: ID },
    { over: ['http session', 'stdio session', 'ws session', 'stdio exchange', 'ws exchange'] },
  ),
  asked('a URI of 1 MiB', 'T22, T35', 'resources/read', { uri: `part://${'x'.repeat(2 ** 20)}` }, NOT_THERE, {
    over: ['http session', 'stdio session', 'ws session', 'stdio exchange', 'ws exchange'],
    size: 20_000,
  }),
  asked('a cursor of 1 MiB', 'S-PAGE-03, T35', 'tools/list', { cursor: 'x'.repeat(2 ** 20) }, BAD_PARAMS),
  asked(
    'a text of 1 MiB where a number is wanted',
    'row 5, T35',
    'tools/call',
    { name: 'sum', arguments: { numbers: ['x'.repeat(2 ** 20)] } },
    FAILED,
  ),
  asked('a key of 1 MiB', 'row 5, T35', 'tools/call', { name: 'sum', arguments: { ['k'.repeat(2 ** 20)]: 1 } }, FAILED),
  asked(
    '100,000 keys of a prompt',
    'row 5',
    'prompts/get',
    { name: 'review', arguments: Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 'x'])) },
    { outcome: 'answered', status: 200, id: ID },
  ),
  asked(
    'a prompt argument by a key of 1 MiB',
    'T35',
    'prompts/get',
    { name: 'review', arguments: { ['k'.repeat(2 ** 20)]: 7 } },
    BAD_PARAMS,
  ),
  asked(
    'completing an argument of 1 MiB',
    'T35',
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'review' }, argument: { name: 'n'.repeat(2 ** 20), value: '' } },
    BAD_PARAMS,
  ),
  asked(
    'completing a prompt of 1 MiB',
    'T35',
    'completion/complete',
    { ref: { type: 'ref/prompt', name: 'n'.repeat(2 ** 20) }, argument: { name: 'code', value: '' } },
    BAD_PARAMS,
  ),
  asked(
    'completing a template of 1 MiB',
    'T35, T22',
    'completion/complete',
    { ref: { type: 'ref/resource', uri: 'u'.repeat(2 ** 20) }, argument: { name: 'code', value: '' } },
    BAD_PARAMS,
  ),
  asked(
    'a version of 100,000 characters',
    'T35, S-VER-04',
    'tools/list',
    { _meta: { 'io.modelcontextprotocol/protocolVersion': 'v'.repeat(100_000), 'io.modelcontextprotocol/clientCapabilities': {} } },
    { outcome: 'refused', code: -32022, id: ID },
    { over: ['stdio exchange', 'ws exchange'] },
  ),
  asked(
    'capabilities of 1 MiB',
    'row 5',
    'tools/list',
    {
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientCapabilities': { experimental: { x: 'y'.repeat(2 ** 20) } },
      },
    },
    SERVED,
    { over: EXCHANGES },
  ),
  asked(
    '20,000 URIs to listen for',
    'T34, row 17',
    'subscriptions/listen',
    { notifications: { resourceSubscriptions: Array.from({ length: 20_000 }, (_, index) => `page://${index}`) } },
    { outcome: 'answered', status: [200, 503], id: ID },
    { over: ['http exchange'] },
  ),
  asked(
    '20,000 answers to what was not asked',
    'S-MRTR-13',
    'tools/call',
    { name: 'form', inputResponses: Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`k${index}`, { action: 'accept' }])) },
    { outcome: 'answered', status: 200, id: ID },
    { over: EXCHANGES },
  ),
  one(
    'a message over the limit',
    'S-HTTP-16, T24',
    '0'.repeat(2 ** 21 + 1),
    { outcome: 'refused', status: 413, code: -32000 },
    { over: EVERYWHERE.filter(way => !way.startsWith('ws')) },
  ),
  one(
    'a message of blanks up to the limit',
    'T24',
    new Worded(talk => `${JSON.stringify(request(talk, 'tools/list'))}${' '.repeat(2 ** 21 - 1000)}`),
    SERVED,
  ),
  one(
    'a million members of a list',
    'row 5, S-MSG-26',
    new Worded(talk =>
      JSON.stringify(request(talk, 'tools/call', { name: 'sum', arguments: { numbers: ['MANY'] } })).replace(
        '"MANY"',
        '1,'.repeat(900_000) + '1',
      ),
    ),
    { outcome: 'answered', status: 200, id: ID },
  ),
]
