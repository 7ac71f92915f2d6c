/** Completion of a prompt's argument by another source: what it suggests for a variable of its template. */

import { nearest, type Completer, type Context, type Provider, type TemplateComponent } from '@oarlock/kernel'
import { isThenable } from '@oarlock/protocol'

/**
 * A completer that suggests what a source of resources does, such as files, a database, or one of your own:
 *
 *     prompts({ folder: 'prompts', completers: { notes: suggestedBy(notes, 'path') } })
 *
 * The caller is told what the template would tell it: its access rules and guards hold. The other arguments of the prompt are passed on, for the
 * variables of the same name.
 * @param source what is offered to the server, too
 * @param variable of its template
 * @param uriTemplate which template; the first that has the variable when absent
 * @throws TypeError when the source has templates, and none of them has the variable
 */
export function suggestedBy(source: Provider, variable: string, uriTemplate?: string): Completer {
  let found = templateOf(source, variable, uriTemplate)
  return async (value, context) => {
    // Sources may learn late what they hold.
    found ??= templateOf(source, variable, uriTemplate)
    const complete = found?.complete?.get(variable)
    if (found === undefined || complete === undefined) return []
    const isAllowed = await passes(found, { ...context.arguments, [variable]: value }, context.ctx)
    return isAllowed ? complete(value, context) : []
  }
}

function templateOf(source: Provider, variable: string, uriTemplate: string | undefined): TemplateComponent | undefined {
  const templates = source.components().filter(component => component.kind === 'template')
  if (templates.length === 0) return undefined
  const named = templates.filter(template => uriTemplate === undefined || template.uriTemplate === uriTemplate)
  const found = named.find(({ complete }) => complete?.has(variable))
  if (found !== undefined) return found
  const of = `${source.name === undefined ? 'The source' : `The source ${source.name}`} suggests nothing for '${variable}'`
  if (named.length === 0) {
    const known = templates.map(template => template.uriTemplate)
    throw new TypeError(`${of}: it has no template ${uriTemplate}.${nearest(uriTemplate as string, known)}`)
  }
  const known = named.flatMap(({ complete }) => [...(complete?.keys() ?? [])])
  throw new TypeError(`${of}.${nearest(variable, known)} It does for ${known.length === 0 ? 'nothing' : known.join(', ')}`)
}

/** Whether the guards of the template let the caller know what is behind it. Whoever is refused, or cannot be judged yet, is told nothing. */
async function passes({ guards }: TemplateComponent, args: object, ctx: Context): Promise<boolean> {
  const { principal, peer } = ctx
  for (const guard of guards) {
    if (guard.requires?.some(scope => principal?.scopes?.includes(scope) !== true)) return false
    try {
      const isVisible: unknown = guard.visible === undefined || guard.visible(principal, peer)
      // What is no clear answer is no.
      if (isThenable(isVisible) || !isVisible) return false
      if (guard.allow !== undefined && (await guard.allow(args, ctx)) !== true) return false
    } catch {
      return false
    }
  }
  return true
}
