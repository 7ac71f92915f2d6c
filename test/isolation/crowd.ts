/** One server for everybody: whatever it says names the one for whom it is said. */
import { Server, ToolError, Type } from 'oarlock'

/** What a call does, by its number. */
export const KINDS = ['plain', 'sample', 'elicit', 'steps', 'roots', 'publish', 'slow', 'fails'] as const
export type Kind = (typeof KINDS)[number]

export const kindOf = (call: number): Kind => KINDS[call % KINDS.length] as Kind
export const markOf = (who: string, call: number): string => `${who} ${call}`
/** The same as a number, which progress carries as its total: its message has no words before 2025-03-26. */
export const totalOf = (who: string, call: number): number => Number(who.replace('client-', '')) * 1000 + call + 4
export const newsOf = (who: string): string => `guest://${who}`

export interface Crowd {
  readonly server: Server
  /** By progress token, which is the id of the request: who used it. */
  readonly tokens: ReadonlyMap<unknown, ReadonlySet<string>>
  readonly aborted: () => number
}

/** @param wait takes a moment of random length */
export function crowd(wait: () => Promise<void>): Crowd {
  const tokens = new Map<unknown, Set<string>>()
  let aborted = 0
  const server = new Server({ name: 'crowd', version: '1', log: false })
  const form = { schema: Type.Object({ name: Type.String() }) }
  server.template('guest', { uri: 'guest://{who}' }, ({ who }) => String(who))
  server.tool('work', { input: Type.Object({ who: Type.String(), call: Type.Number() }) }, async ({ who, call }, ctx) => {
    const mark = markOf(who, call)
    const total = totalOf(who, call)
    const token = ctx.meta['progressToken']
    tokens.set(token, (tokens.get(token) ?? new Set()).add(who))
    await wait()
    await ctx.progress(1, total, mark)
    ctx.log.info({ mark })
    switch (kindOf(call)) {
      case 'sample': {
        const { model } = await ctx.sample('s', { messages: [{ role: 'user', content: { type: 'text', text: mark } }], maxTokens: 9 })
        return `${mark} ${model}`
      }
      case 'elicit': {
        if (!ctx.can('elicit')) break
        const { content } = await ctx.elicit('e', { message: mark, ...form })
        return `${mark} ${content?.name}`
      }
      case 'roots': {
        const [root] = await ctx.roots()
        return `${mark} ${root?.name}`
      }
      case 'steps':
        for (const step of [2, 3]) {
          await wait()
          await ctx.progress(step, total, mark)
        }
        break
      case 'publish':
        server.resourceUpdated(newsOf(who))
        break
      case 'slow':
        for (let step = 0; step < 20 && !ctx.signal.aborted; step += 1) await wait()
        if (ctx.signal.aborted) aborted += 1
        // Too late for whoever asked, and still nobody else's.
        ctx.log.info({ mark })
        await ctx.progress(4, total, mark)
        break
      case 'fails':
        throw new ToolError(mark)
    }
    await wait()
    return mark
  })
  return { server, tokens, aborted: () => aborted }
}
