/** An HTTP API as resources: the paths that are allowed, and nothing else of it. */

import { checkOptions, excerpt } from '@oarlock/protocol'
import type { Context } from '@oarlock/kernel'
import type { Who } from '../access.ts'
import { withoutQuery } from '../provider/address.ts'
import type { ReadRequest, SourceAnswer, SourceTemplate } from '../provider/contract.ts'
import { ResourceProvider } from '../provider/provider.ts'
import { type AnswerAbout, conditional, contentOf, faultOfFailure } from './answer.ts'
import { prepareHeaders, type PreparedHeaders } from './headers.ts'
import { API_OPTIONS, type ApiBounds, type ApiOptions, boundsOf, checkedUrl } from './options.ts'
import { RetryBudget } from './retry.ts'
import { API_PATH, Route } from './route.ts'
import { lookupFor } from './screening.ts'
import { type Answer, Failure, Upstream } from './upstream.ts'

const MAX_REDIRECTS = 3
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * Offers an HTTP API: `api({ name: 'github', baseUrl: 'https://api.example.com', paths: ['/users/{id}'], headers: { authorization: 'Bearer ${TOKEN}' } })`.
 * A read of `api://github/users/7` is a GET of `https://api.example.com/users/7`. Nothing of the client's request but the variables reaches the upstream.
 * @throws TypeError for options that cannot be, and for a variable of the environment that is not set
 */
export function api(options: ApiOptions): ApiProvider {
  return new ApiProvider(options)
}

/** A provider over an HTTP API. */
export class ApiProvider extends ResourceProvider {
  readonly #base: URL
  readonly #path: string
  readonly #prefix: string
  readonly #routes: ReadonlyMap<string, Route>
  readonly #headers: PreparedHeaders
  readonly #bounds: ApiBounds
  readonly #lookup: ReturnType<typeof lookupFor>
  readonly #upstream: Upstream
  readonly #budget = new RetryBudget()

  constructor(options: ApiOptions) {
    checkOptions(options, API_OPTIONS, 'api()')
    for (const path of options.paths) if (typeof path === 'object') checkOptions(path, API_PATH, 'a path of api()')
    const { name, access, scheme = 'api', privateNetwork = false, headers = {}, env = process.env } = options
    // What is behind the question mark is a view of the same document: rules are about paths.
    super(access === undefined ? options : { ...options, access: (uri: string, who: Who) => access(withoutQuery(uri), who) })
    if (!/^[a-z0-9][a-z0-9.-]{0,62}$/.test(name))
      throw new TypeError(`${JSON.stringify(name)} cannot be part of a URI: use a-z, 0-9, . and -`)
    this.#base = checkedUrl(options.baseUrl, privateNetwork)
    this.#path = this.#base.pathname.replace(/\/$/, '')
    this.#prefix = `${scheme}://${name}`
    this.#routes = routesOf(options, this.#prefix)
    this.#headers = prepareHeaders({ accept: 'application/json, */*;q=0.5', 'user-agent': 'oarlock', ...headers }, env, name)
    this.#bounds = boundsOf(options)
    this.#lookup = lookupFor(privateNetwork, options.lookup)
    this.#upstream = new Upstream(this.#base.protocol === 'https:', this.#bounds.maxSockets, options.ca)
  }

  protected override templates(): readonly SourceTemplate[] {
    return [...this.#routes.values()].map(({ template }) => template)
  }

  protected override async read(request: ReadRequest): Promise<SourceAnswer> {
    const { known, signal, ctx } = request
    const first = this.#requested(request)
    if (first === undefined) return undefined
    const about: AnswerAbout = {
      ...this.#bounds,
      name: this.name,
      secrets: this.#headers.secrets,
      conditional: known !== undefined,
      keeps: true,
    }
    const deadline = Date.now() + this.#bounds.timeoutMs
    try {
      let answer = await this.#get(first, conditional(known), deadline, signal)
      for (let url = await this.#next(answer, first, ctx), redirects = 1; url !== undefined; redirects++) {
        answer = await this.#get(url, {}, deadline, signal)
        const next = redirects < MAX_REDIRECTS ? await this.#next(answer, url, ctx) : undefined
        // Whoever may read this may not be allowed to read that: the answer is for this caller alone.
        if (next === undefined) return contentOf(answer, { ...about, conditional: false, keeps: false })
        url = next
      }
      return contentOf(answer, about)
    } catch (error) {
      throw error instanceof Failure ? faultOfFailure(error, about) : error
    }
  }

  protected override stop(): void {
    this.#upstream.close()
  }

  /** What is requested for a resource. None for another spelling of a value (`007` for 7): access was decided on what the URI says. */
  #requested({ uri, template, variables, values }: ReadRequest): URL | undefined {
    const route = this.#routes.get(template)
    const given = Object.fromEntries(Object.keys(variables).map(name => [name, values[name]]))
    if (route === undefined || uri !== `${this.#prefix}${route.target(given)}`) return undefined
    // With the defaults of variables that are not given.
    const target = route.target(values)
    return target === undefined ? undefined : this.#url(target)
  }

  #get(url: URL, more: Readonly<Record<string, string>>, deadline: number, signal: AbortSignal): Promise<Answer> {
    const headers = { ...this.#headers.headers, ...more, 'accept-encoding': 'identity' }
    const { maxBytes, retries } = this.#bounds
    const send = (): Promise<Answer> =>
      this.#upstream.get(url, { headers, lookup: this.#lookup, maxBytes, timeoutMs: Math.max(1, deadline - Date.now()), signal })
    return this.#budget.run(send, retries, deadline, signal)
  }

  /** Where a redirect leads, if it leads to another allowed path of this API that the caller may read. */
  async #next({ status, headers: { location } }: Answer, from: URL, ctx: Context): Promise<URL | undefined> {
    if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, from.href)) return undefined
    const to = new URL(location, from)
    if (to.origin !== this.#base.origin || !to.pathname.startsWith(`${this.#path}/`)) return undefined
    const target = to.pathname.slice(this.#path.length) + to.search
    for (const route of this.#routes.values())
      if (await route.makes(target)) return this.allows(this.#prefix + target, ctx) ? this.#url(target) : undefined
    return undefined
  }

  /** The URL of a target, unless it were to lead elsewhere than it says: a last look, whatever came before. */
  #url(target: string): URL | undefined {
    const href = `${this.#base.origin}${this.#path}${target}`
    if (URL.canParse(href) && new URL(href).href === href) return new URL(href)
    this.failed(new Error(`${excerpt(target)} is not what a URL of it would be`), 'request')
    return undefined
  }
}

function routesOf({ paths }: ApiOptions, prefix: string): ReadonlyMap<string, Route> {
  const routes = paths.map(given => new Route(typeof given === 'string' ? { path: given } : given, prefix))
  if (routes.length === 0) throw new TypeError('api needs at least one path: nothing else can be read')
  return new Map(routes.map(route => [route.template.uriTemplate, route]))
}
