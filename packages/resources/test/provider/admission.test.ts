import { defineTool, type Component } from '@oarlock/kernel'
import { rules, type Access, type ReadRequest, type SourceAnswer, type SourceTemplate, type Suggestions } from '@oarlock/resources'
import { raw, type RawPeer } from '@oarlock/testing'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { by, serving, Shelf } from './shelf.ts'

const test = suite('admission')

const FIXED: readonly SourceTemplate[] = [
  { name: 'index', uriTemplate: 'shelf:index' },
  { name: 'payroll', uriTemplate: 'shelf:payroll', description: 'Everybody’s pay' },
  { name: 'ledger', uriTemplate: 'shelf:ledger', parts: true },
]
const DOCUMENTS = ['a', 'hr/pay', 'z']
const ALL = ['shelf:index', 'shelf:ledger', 'shelf:payroll', 'shelf://a', 'shelf://hr/pay', 'shelf://z']

/** Has fixed addresses, a template, and a tool that tells of all of them. */
class Office extends Shelf {
  constructor(access: Access | undefined) {
    super({ onError: () => {}, ...(access === undefined ? {} : { access }) })
    this.sources = [{ name: 'shelf', uriTemplate: 'shelf://{+path}' }, ...FIXED]
    for (const path of DOCUMENTS) this.put(path, path)
  }

  protected override async read(request: ReadRequest): Promise<SourceAnswer> {
    return request.template === 'shelf://{+path}' ? super.read(request) : { text: request.uri }
  }

  protected override extras(): readonly Component[] {
    this.tools = [defineTool('find', { description: 'd' }, (_, ctx) => this.readable(ALL, uri => uri, ctx).join(' '))]
    return this.tools
  }
}

const ACCESS: Readonly<
  Record<string, { readonly access: Access | undefined; readonly eve: readonly string[]; readonly ann: readonly string[] }>
> = {
  none: { access: undefined, eve: ALL, ann: ALL },
  rules: {
    access: rules([{ uri: ['shelf://hr/**', 'shelf:payroll', 'shelf:ledger'], roles: ['hr'] }, { uri: '**' }]),
    eve: ['shelf:index', 'shelf://a', 'shelf://z'],
    ann: ALL,
  },
  'a function of the caller': {
    access: (uri, { principal }) => principal?.id === 'ann' && uri.includes('a'),
    eve: [],
    ann: ['shelf:payroll', 'shelf://a', 'shelf://hr/pay'],
  },
  'a function that throws': {
    access: () => {
      throw new Error('broken')
    },
    eve: [],
    ann: [],
  },
}

const isFixed = (uri: string): boolean => !uri.startsWith('shelf://')
const each = async (uris: readonly string[], method: string, peer: RawPeer): Promise<readonly string[]> => {
  const replies = await Promise.all(uris.map(uri => peer.request(method, { uri })))
  return uris.filter((_, index) => replies[index]?.error === undefined)
}
const of = <T>(reply: { readonly result?: unknown }): T => reply.result as T

/** The ways to learn of a URI, and those of `ALL` that each can tell of. */
const WAYS: Readonly<
  Record<string, { readonly tells: (uri: string) => boolean; readonly told: (peer: RawPeer) => Promise<readonly string[]> }>
> = {
  'the list': {
    tells: () => true,
    told: async peer => of<{ resources: { uri: string }[] }>(await peer.request('resources/list')).resources.map(({ uri }) => uri),
  },
  'the list of templates, by the parts of a fixed URI': {
    tells: uri => uri === 'shelf:ledger',
    told: async peer => {
      const { resourceTemplates } = of<{ resourceTemplates: { uriTemplate: string }[] }>(await peer.request('resources/templates/list'))
      return resourceTemplates.flatMap(({ uriTemplate }) => (uriTemplate === 'shelf:ledger{?offset,length}' ? ['shelf:ledger'] : []))
    },
  },
  suggestions: {
    tells: uri => !isFixed(uri),
    told: async peer => {
      const ref = { type: 'ref/resource', uri: 'shelf://{+path}{?offset,length}' }
      const reply = await peer.request('completion/complete', { ref, argument: { name: 'path', value: '' } })
      return of<{ completion: { values: string[] } }>(reply).completion.values.map(path => `shelf://${path}`)
    },
  },
  reading: { tells: () => true, told: peer => each(ALL, 'resources/read', peer) },
  'reading a part': {
    tells: uri => !isFixed(uri) || uri === 'shelf:ledger',
    told: async peer => {
      const parts = ALL.map(uri => `${uri}?offset=0&length=4`)
      return (await each(parts, 'resources/read', peer)).map(uri => uri.replace(/\?.*/, ''))
    },
  },
  following: { tells: () => true, told: peer => each(ALL, 'resources/subscribe', peer) },
  'a tool of the source': {
    tells: () => true,
    told: async peer => {
      const reply = await peer.request('tools/call', { name: 'find', arguments: {} })
      return (
        of<{ content: { text: string }[] }>(reply)
          .content[0]?.text.split(' ')
          .filter(uri => uri !== '') ?? []
      )
    },
  },
}

for (const [kind, { access, ...allowed }] of Object.entries(ACCESS))
  for (const [way, { tells, told }] of Object.entries(WAYS))
    test(`row 17: what a caller learns of by ${way} is what he may read: access by ${kind}`, async () => {
      const server = serving(new Office(access))
      for (const id of ['eve', 'ann'] as const) {
        const peer = raw(server, by(id, { roles: id === 'ann' ? ['hr'] : [] }))
        await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
        assert.equal([...(await told(peer))].sort(), allowed[id].filter(tells).sort(), id)
      }
      await server.close()
    })

test('row 17: a value that ends in a slash is judged as any other, and a beginning by what it is the beginning of', async () => {
  class Folders extends Shelf {
    protected override complete(): Suggestions {
      const values = ['hidden/', 'open/', { beginning: 'hi', of: 'shelf://hidden/x' }, { beginning: 'op', of: 'shelf://open/x' }]
      return { values, total: 4, hasMore: true }
    }
  }
  for (const [access, expected] of [
    [undefined, { values: ['hidden/', 'open/', 'hi', 'op'], total: 4, hasMore: true }],
    [(uri: string) => !uri.includes('hidden'), { values: ['open/', 'op'], hasMore: true }],
  ] as const) {
    const server = serving(new Folders(access === undefined ? {} : { access }))
    const peer = raw(server)
    await peer.initialize('2025-06-18')
    const ref = { type: 'ref/resource', uri: 'shelf://{+path}{?offset,length}' }
    const { result } = await peer.request('completion/complete', { ref, argument: { name: 'path', value: '' } })
    assert.equal(result, { completion: expected })
    await server.close()
  }
})

test('half a surrogate pair, which is in no URI, is asked for, typed, given and suggested in vain', async () => {
  class Halves extends Shelf {
    protected override complete(): Suggestions {
      return ['\ud800', 'whole']
    }
  }
  const shelf = new Halves({ access: () => true, onError: cause => assert.unreachable(String(cause)) })
  shelf.sources = [{ name: 'shelf', uriTemplate: 'shelf://{+path}{?side}' }]
  const server = serving(shelf)
  const peer = raw(server)
  await peer.initialize('2025-06-18')
  for (const method of ['resources/read', 'resources/subscribe'])
    assert.is((await peer.request(method, { uri: 'shelf://\ud800' })).error?.code, -32002)
  const ref = { type: 'ref/resource', uri: 'shelf://{+path}{?side}{&offset,length}' }
  for (const [value, side, expected] of [
    ['\ud800', 'left', []],
    ['', '\udc00', []],
    ['', 'left', ['whole']],
  ] as const) {
    const params = { ref, argument: { name: 'path', value }, context: { arguments: { side } } }
    assert.equal((await peer.request('completion/complete', params)).result, {
      completion: { values: expected, total: expected.length, hasMore: false },
    })
  }
  await server.close()
})

test('row 17: a template that stands under a URI is shown, read and completed by those who may read that URI', async () => {
  const shelf = new Shelf({ access: rules([{ uri: 'shelf:hr', roles: ['hr'] }, { uri: '**' }]) }).put('pay', '1')
  shelf.sources = [{ name: 'hr', uriTemplate: 'shelf://{+path}', description: 'Everybody’s pay', under: 'shelf:hr' }]
  const server = serving(shelf)
  for (const [role, shown] of [
    ['dev', false],
    ['hr', true],
  ] as const) {
    const peer = raw(server, by(role, { roles: [role] }))
    await peer.request('initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } })
    const templates = await peer.request('resources/templates/list')
    assert.is(JSON.stringify(templates.result).includes('pay'), shown)
    assert.is(JSON.stringify((await peer.request('resources/list')).result).includes('shelf://pay'), shown)
    assert.is((await peer.request('resources/read', { uri: 'shelf://pay' })).error === undefined, shown)
    const ref = { type: 'ref/resource', uri: 'shelf://{+path}{?offset,length}' }
    const completed = await peer.request('completion/complete', { ref, argument: { name: 'path', value: '' } })
    assert.is(completed.error === undefined, shown)
  }
  await server.close()
})

test.run()
