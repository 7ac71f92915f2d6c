/** A server over HTTP on which every fault can be provoked, closed after its test. */
import { ask, openSession, type Answer, type Ask } from '../../packages/http/test/wire.ts'
import { fakeClock, META, type FakeClock } from '@oarlock/protocol'
import { Fault, http, limit, Server, tokenBucket, type HttpOptions } from 'oarlock'

const M = '2026-07-28'

export class Stage {
  readonly server: Server
  readonly port: number
  readonly clock: FakeClock
  #session: Record<string, string> | undefined

  private constructor(server: Server, port: number, clock: FakeClock) {
    this.server = server
    this.port = port
    this.clock = clock
  }

  static async open(options: HttpOptions = {}): Promise<Stage> {
    const server = new Server({ name: 'stage', version: '1', log: false, limits: { streams: 1 } })
    server.tool('echo', {}, () => 'x')
    server.tool(
      'ask',
      {},
      async (_, ctx) => (await ctx.elicit('q', { message: 'Well?', schema: { type: 'object', properties: {} } })).action,
    )
    server.tool('page', {}, async (_, ctx) => ctx.requireUrl('u', { message: 'Sign in', url: 'https://example.com/' }))
    server.tool('refuse', {}, () => {
      throw new Fault('FORBIDDEN')
    })
    const once = tokenBucket({ perSecond: 0.001, burst: 1 })
    server.use('prompts/list', limit(once))
    server.resource('page', { uri: 'page://one' }, () => 'x')
    server.resource('broken', { uri: 'page://broken' }, () => {
      throw new Error('secret')
    })
    server.prompt('review', {}, () => 'x')
    const clock = fakeClock()
    const [listener] = await server.listen(http({ port: 0, clock, ...options }))
    return new Stage(server, Number(new URL((listener as { address: string }).address).port), clock)
  }

  ask(what: Ask): Promise<Answer> {
    return ask(this.port, what)
  }

  /** A stateless request. */
  call(method: string, params: Record<string, unknown> = {}, more: Ask & { readonly capabilities?: object } = {}): Promise<Answer> {
    const { capabilities = {}, headers, ...rest } = more
    const name = params['name'] ?? params['uri']
    return this.ask({
      headers: { 'mcp-protocol-version': M, 'mcp-method': method, ...(typeof name === 'string' ? { 'mcp-name': name } : {}), ...headers },
      body: {
        jsonrpc: '2.0',
        id: 1,
        method,
        params: { ...params, _meta: { [META.version]: M, [META.capabilities]: capabilities } },
      },
      ...rest,
    })
  }

  /** The headers of a session of 2025-11-25. */
  async session(): Promise<Record<string, string>> {
    return (this.#session ??= await openSession(this.port))
  }

  /** A request in that session. */
  async inSession(method: string, params: object = {}, headers: Record<string, string | undefined> = {}): Promise<Answer> {
    return this.ask({ headers: { ...(await this.session()), ...headers }, body: { jsonrpc: '2.0', id: 1, method, params } })
  }

  close(): Promise<void> {
    return this.server.close({ within: 100 })
  }
}
