/** What a deployed server has around its handlers: a request context, middleware, a rate limit, and listeners that keep metrics and an audit line. */
import { limit, tokenBucket, type Server } from 'oarlock'

/** Upper bounds of the histogram's buckets, in milliseconds. */
const BOUNDS = [1, 5, 10, 50, 100, 500, 1_000, Number.POSITIVE_INFINITY]

/** Puts all of it around a server. */
export function wrap(server: Server): void {
  server.use(async (call, next, ctx) => {
    ctx.state.set('begun', call.method)
    return next()
  })
  server.use(async (_, next, ctx) => {
    ctx.state.set('who', ctx.principal?.id ?? 'nobody')
    return next()
  })
  server.use(async (_, next) => {
    const result = await next()
    return result
  })
  server.use(limit(tokenBucket({ perSecond: 1_000_000, burst: 1_000_000 })))

  const counts = new Map<string, number[]>()
  server.on('call.finished', ({ method, ms }) => {
    let buckets = counts.get(method)
    if (buckets === undefined) counts.set(method, (buckets = BOUNDS.map(() => 0)))
    buckets[BOUNDS.findIndex(bound => ms <= bound)]! += 1
  })
  const lines = Buffer.allocUnsafeSlow(65_536)
  let written = 0
  server.on('call.finished', ({ method, name, principal, end, correlationId }) => {
    // A real one writes to a file when this is full; here it is only filled.
    if (written > lines.length - 1_024) written = 0
    written += lines.write(
      `{"at":${Date.now()},"method":"${method}","component":"${name ?? ''}","who":"${principal?.id ?? ''}","end":"${end}","id":"${correlationId}"}\n`,
      written,
    )
  })
}
