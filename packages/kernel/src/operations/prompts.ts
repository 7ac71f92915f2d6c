/** prompts/get: a name and string arguments in, messages out. */

import { excerpt, Fault, isObject, isThenable, nearest } from '@oarlock/protocol'
import type { Call } from '../call.ts'
import type { PromptComponent } from '../catalog/component.ts'
import type { PromptEntry } from '../catalog/entry.ts'
import { listPrompt } from '../catalog/listed.ts'
import { seen } from '../catalog/shelf.ts'
import type { Snapshot } from '../catalog/snapshot.ts'
import { choose, noVersion } from '../catalog/version.ts'
import type { EntryTools } from '../entry-tools.ts'
import { promptMessages } from '../content.ts'
import { enter, isAsyncIterator } from '../enter.ts'
import type { Kind } from '../layers.ts'
import { formatIssues } from '../schema/issues.ts'
import type { CompiledSchema } from '../schema/schema.ts'
import type { TemplateEngine, TemplateRenderer } from '../template-engine.ts'
import { isCompletable } from './completable.ts'
import { wantedVersion } from './tools.ts'

/** Makes a prompt ready. */
export function compilePrompt(component: PromptComponent, key: string, seq: number, tools: EntryTools): PromptEntry {
  const args = component.args === undefined ? undefined : tools.schema(component, component.args, 'args')
  if (component.adds !== undefined && component.template === undefined)
    throw new TypeError('adds names values for a template, and there is no template')
  const render = component.template === undefined ? undefined : compileTemplateText(component, component.template, args, tools.templates())
  const limit = tools.limit(component, text => new Fault('INTERNAL_ERROR', text))
  const kind: Kind = {
    check: args === undefined ? undefined : values => args.check(values),
    refuse: checked => {
      throw new Fault('INVALID_PARAMS', `Invalid arguments for prompt ${component.name}:\n${formatIssues(checked.issues)}`)
    },
    work(info, ctx) {
      const run = (args: unknown): unknown => {
        const returned: unknown = component.run(args as never, ctx)
        return render === undefined ? returned : rendered(returned, settled => render(renderValues(args, settled), ctx))
      }
      const value = enter(run, info.args, ctx, limit)
      return isThenable(value) ? value.then(settled => promptResult(component, settled)) : promptResult(component, value)
    },
  }
  return {
    kind: 'prompt',
    component,
    key,
    seq,
    args,
    completable: isCompletable(component, args),
    listed: listPrompt(component, args),
    ...tools.layered(component, 'prompts/get', kind),
  }
}

function compileTemplateText(
  component: PromptComponent,
  template: string,
  args: CompiledSchema | undefined,
  engine: TemplateEngine | undefined,
): TemplateRenderer {
  if (engine === undefined) {
    throw new TypeError(
      'It has a template, and no template engine is installed. Import @oarlock/prompts, or give the server { templates }.',
    )
  }
  const { name, origin, adds = [] } = component
  return engine.compile(template, { name, origin, adds, ...(args === undefined ? {} : { args: args.json }) })
}

/** Renders when the prompt's function is done: at once, when its promise settles, or at the end of its progress. */
function rendered(returned: unknown, render: (settled: unknown) => unknown): unknown {
  if (isAsyncIterator(returned)) return renderedLast(returned, render)
  return isThenable(returned) ? Promise.resolve(returned).then(settled => rendered(settled, render)) : render(returned)
}

async function* renderedLast(returned: AsyncGenerator<unknown>, render: (settled: unknown) => unknown): AsyncGenerator<unknown> {
  return render(yield* returned)
}

/** The template sees the arguments, and what the method returned on top of them. */
function renderValues(args: unknown, returned: unknown): Readonly<Record<string, unknown>> {
  return { ...(isObject(args) ? args : {}), ...(isObject(returned) ? returned : {}) }
}

function promptResult(component: PromptComponent, value: unknown): object {
  if (isObject(value) && Array.isArray(value['messages'])) return { ...value, messages: promptMessages(value['messages']) }
  const { description } = component
  return { ...(description === undefined ? {} : { description }), messages: promptMessages(value) }
}

/** Finds the prompt a call names, and its arguments, all of them strings (DIGEST S-PRM-04). */
export function resolvePrompt(call: Call, snapshot: Snapshot): { readonly entry: PromptEntry; readonly args: object } {
  const { name, arguments: args = {} } = call.params
  if (typeof name !== 'string') throw new Fault('INVALID_PARAMS', 'prompts/get needs the name of a prompt as a string')
  if (!isObject(args)) throw new Fault('INVALID_PARAMS', 'arguments must be an object of strings')
  for (const [key, value] of Object.entries(args)) {
    if (typeof value !== 'string') throw new Fault('INVALID_PARAMS', `Prompt arguments are strings; '${excerpt(key)}' is not`)
  }
  const entry = choose(snapshot.prompts.byKey.get(name), wantedVersion(call), call)
  if (entry === undefined) {
    const other = noVersion(snapshot.prompts.byKey.get(name), wantedVersion(call), call)
    if (other !== undefined) throw new Fault('PROMPT_NOT_FOUND', `Unknown version of prompt '${excerpt(name)}'. ${other}`)
    const names = seen(snapshot.prompts, call).map(({ key }) => key)
    throw new Fault('PROMPT_NOT_FOUND', `Unknown prompt '${excerpt(name)}'.${nearest(name, names)}`)
  }
  return { entry, args }
}
