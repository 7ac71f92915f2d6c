/** tools/call: the tool's name and arguments in, a CallToolResult out. Arguments that do not fit and errors of the tool are results. */

import {
  type CallToolResult,
  checkParamHeaders,
  excerpt,
  Fault,
  headerParams,
  type HeaderParam,
  isObject,
  isThenable,
  type MaybePromise,
  VERSION_KEY,
  nearest,
} from '@oarlock/protocol'
import type { Call } from '../call.ts'
import type { CallContext } from '../call-context.ts'
import type { ToolComponent } from '../catalog/component.ts'
import type { ToolEntry } from '../catalog/entry.ts'
import { listTool } from '../catalog/listed.ts'
import { seen } from '../catalog/shelf.ts'
import type { Snapshot } from '../catalog/snapshot.ts'
import { choose, noVersion } from '../catalog/version.ts'
import { structuredResult, toolResult } from '../content.ts'
import { enter } from '../enter.ts'
import { Asking, ToolError } from '../error.ts'
import type { Kind } from '../layers.ts'
import type { EntryTools } from '../entry-tools.ts'
import { formatIssues } from '../schema/issues.ts'
import type { Checked, CompiledSchema } from '../schema/schema.ts'

/** Makes a tool ready. */
export function compileTool(component: ToolComponent, key: string, seq: number, tools: EntryTools): ToolEntry {
  const input = tools.schema(component, component.input, 'input')
  const output = component.output === undefined ? undefined : tools.schema(component, component.output, 'output')
  let mirrored: readonly HeaderParam[] | undefined
  return {
    kind: 'tool',
    component,
    key,
    seq,
    input,
    output,
    // Looked for with the first call over HTTP: most servers over stdio have none.
    get headerParams() {
      return (mirrored ??= headerParams(input.json).params)
    },
    listed: listTool(component, input, output),
    ...tools.layered(component, 'tools/call', toolKind(component, input, output, tools)),
  }
}

function toolKind(component: ToolComponent, input: CompiledSchema, output: CompiledSchema | undefined, tools: EntryTools): Kind {
  const limit = tools.limit(component, text => new ToolError(text))
  return {
    check: args => input.check(args),
    refuse: checked => toolFailure(`Invalid arguments for ${component.name}:\n${formatIssues(checked.issues)}`),
    work(info, ctx) {
      try {
        const value = enter(args => component.run(args as never, ctx), info.args, ctx, limit)
        if (!isThenable(value)) return finish(value, ctx)
        return value.then(
          settled => finish(settled, ctx),
          (error: unknown) => failed(error, ctx),
        )
      } catch (error) {
        return failed(error, ctx)
      }
    },
  }

  function finish(value: unknown, ctx: CallContext): MaybePromise<object> {
    try {
      if (output === undefined) return toolResult(value)
      const { result, structured } = structuredResult(value)
      if (result.isError === true) return result
      const checked = output.check(structured)
      return isThenable(checked) ? checked.then(settled => conform(settled, result)) : conform(checked, result)
    } catch (error) {
      return failed(error, ctx)
    }
  }

  function conform(checked: Checked, result: CallToolResult): object {
    if (checked.ok) return result
    const cause = new TypeError(
      `${component.origin} returned a value that does not fit its output schema:\n${formatIssues(checked.issues)}`,
    )
    throw new Fault('INTERNAL_ERROR', `${component.name} produced a result that does not fit its output schema`, { cause })
  }

  function failed(error: unknown, ctx: CallContext): object {
    if (error instanceof Asking || Fault.is(error)) throw error
    if (ToolError.is(error)) return toolFailure(error.message, error.content)
    if (!ctx.isEnd(error)) tools.report(error, component.origin, ctx.correlationId)
    return toolFailure(`${component.name} failed unexpectedly. Error id: ${ctx.correlationId}`)
  }
}

/** A result that tells the model what went wrong. */
export function toolFailure(message: string, content: readonly object[] = []): CallToolResult {
  return { content: [{ type: 'text', text: message }, ...content], isError: true } as CallToolResult
}

const NO_ARGS = Object.freeze({})

/** Finds the tool a call names, checks what only the catalog can check, and takes the arguments out. */
export function resolveTool(call: Call, snapshot: Snapshot): { readonly entry: ToolEntry; readonly args: unknown } {
  const { name, arguments: args = NO_ARGS } = call.params
  if (typeof name !== 'string') throw new Fault('INVALID_PARAMS', 'tools/call needs the name of a tool as a string')
  if (!isObject(args)) throw new Fault('INVALID_PARAMS', 'arguments must be an object')
  const entry = choose(snapshot.tools.byKey.get(name), wantedVersion(call), call)
  if (entry === undefined) throw unknownTool(name, call, snapshot)
  if (call.mirrored && entry.headerParams.length > 0) checkHeaders(entry, args, call)
  return { entry, args }
}

function checkHeaders(entry: ToolEntry, args: object, call: Call): void {
  const { headers } = call.head
  if (headers === undefined) return
  const problem = checkParamHeaders(entry.headerParams, args, name => headers.get(name))
  if (problem !== undefined) throw new Fault('HEADER_MISMATCH', problem)
}

/** A hidden tool and a missing one read alike; only names the caller can see are suggested (DIGEST S-TOOL-07). */
function unknownTool(name: string, call: Call, snapshot: Snapshot): Fault {
  const other = noVersion(snapshot.tools.byKey.get(name), wantedVersion(call), call)
  if (other !== undefined) return new Fault('TOOL_NOT_FOUND', `Unknown version of tool '${excerpt(name)}'. ${other}`)
  const names = seen(snapshot.tools, call).map(({ key }) => key)
  return new Fault('TOOL_NOT_FOUND', `Unknown tool '${excerpt(name)}'.${nearest(name, names)}`)
}

/** The version a request asks for in `_meta`; undefined for the default. */
export function wantedVersion(call: Call): string | undefined {
  const meta = call.params['_meta']
  const version = isObject(meta) ? meta[VERSION_KEY] : undefined
  return typeof version === 'string' ? version : undefined
}
