/** The dialect of a revision: results, params and answers in its words. Compiled once for each method and revision, on first use. */

import { Fault } from './fault.ts'
import { filledIn } from './growing-form.ts'
import { isObject } from './json.ts'
import { compileLowering, type Lowering } from './lowering.ts'
import { rowOf } from './method.ts'
import { InputRequiredResult } from './model/ask.ts'
import { capabilityAt } from './model/capability.ts'
import type { ElicitRequestParams, ElicitResult } from './model/elicitation.ts'
import { atLeast, type Revision } from './revision.ts'

type Compiled = Map<string, Lowering | undefined>
const RESULTS = new Map<Revision, Compiled>()
const PARAMS = new Map<Revision, Compiled>()

/**
 * A result in the words of `revision`: what it does not know is left out, or said in an older way (`change.ts`). The argument is never
 * touched; it comes back itself when nothing changes, which is the usual case. Members that the vocabulary does not list pass. Foreign
 * methods pass as they are.
 */
export function lower<T extends object>(method: string, result: T, revision: Revision): T {
  const lowering = compiled(RESULTS, method, revision, compileResult)
  return lowering === undefined ? result : (lowering(result) as T)
}

/**
 * The params of a request or notice in the words of `revision`, as `lower`.
 * @throws Fault `MISSING_CAPABILITY` for an elicitation by URL to a revision that has forms only: nothing else could be said instead.
 */
export function lowerParams<T extends object>(method: string, params: T, revision: Revision): T {
  const lowering = compiled(PARAMS, method, revision, compileParams)
  return lowering === undefined ? params : (lowering(params) as T)
}

/**
 * An elicitation's answer from a client of `revision`, as the one who asked expects it: undoes what `lowerParams` did to the form. `params`
 * are the original ones. To be called before the content is checked against the form.
 */
export function raiseAnswer(params: ElicitRequestParams, result: ElicitResult, revision: Revision): ElicitResult {
  if (atLeast(revision, '2025-11-25') || !('requestedSchema' in params) || result.content === undefined) return result
  const content = filledIn(params.requestedSchema, result.content)
  return content === result.content ? result : { ...result, content }
}

type Compile = (method: string, revision: Revision) => Lowering | undefined

function compiled(cache: Map<Revision, Compiled>, method: string, revision: Revision, compile: Compile): Lowering | undefined {
  let methods = cache.get(revision)
  if (methods === undefined) cache.set(revision, (methods = new Map()))
  const lowering = methods.get(method)
  if (lowering !== undefined || methods.has(method)) return lowering
  if (rowOf(method) === undefined) return undefined
  const made = compile(method, revision)
  methods.set(method, made)
  return made
}

function compileResult(method: string, revision: Revision): Lowering | undefined {
  const row = rowOf(method)
  if (row?.result === undefined) return undefined
  const complete = compileLowering(row.result, revision)
  const asking = row.mayAsk === true && atLeast(revision, '2026-07-28') ? compileLowering(InputRequiredResult, revision) : undefined
  if (asking === undefined) return complete
  return result => {
    const lowering = isObject(result) && result['resultType'] === 'input_required' ? asking : complete
    return lowering === undefined ? result : lowering(result)
  }
}

function compileParams(method: string, revision: Revision): Lowering | undefined {
  const row = rowOf(method)
  const lowering = row === undefined ? undefined : compileLowering(row.params, revision)
  if (method !== 'elicitation/create' || atLeast(revision, '2025-11-25')) return lowering
  return params => {
    if (isObject(params) && params['mode'] === 'url') throw unshowable(revision)
    return lowering === undefined ? params : lowering(params)
  }
}

function unshowable(revision: Revision): Fault {
  const requiredCapabilities = capabilityAt('elicitation.url')
  return new Fault('MISSING_CAPABILITY', `A client of ${revision} cannot be asked to visit a URL`, { data: { requiredCapabilities } })
}
