/** Prompts of a module that `registry.precompile()` wrote: served without files and without a compiler. */

import type { Component, Provider } from '@oarlock/kernel'
import { around, componentOf } from './component.ts'
import type { PromptDefinition } from './definition.ts'
import { checkDocument, type PromptDocument } from './document.ts'
import { Events, type RegistryEvents } from './events.ts'
import { Hosts } from './hosts.ts'
import { checkRegistryOptions, OPTIONS, type RegistryOptions } from './options.ts'
import { Pins } from './pin.ts'
import { InvalidPrompts, type PromptProblem } from './problem.ts'
import { makePrompt, type Item, type PromptRecord } from './record.ts'
import { Renderings, type Renderer } from './rendering.ts'
import type { PromptStats } from './stats.ts'

/** The options of a registry that do not concern files. */
export type PrecompiledOptions = Omit<RegistryOptions, 'folder' | 'folders' | 'watch' | 'report'>

const { folder, folders, watch, report, ...PRECOMPILED_OPTIONS } = OPTIONS
void [folder, folders, watch, report]

/** A provider of prompts that do not change. */
export interface PrecompiledPrompts extends Provider {
  /** As that of a registry; nothing ever changes, so only renderings are told. */
  on<E extends keyof RegistryEvents>(event: E, listener: RegistryEvents[E]): () => void
  /** What can be told without the texts: prompts without a description, and those whose templates are not among the compiled ones. */
  check(): readonly PromptProblem[]
  /** As that of a registry. */
  stats(name?: string): readonly PromptStats[]
}

/**
 * Prompts that were compiled before, where there are no files or code may not be made from text:
 *
 *     import bundle, { prompts } from './prompts.bundle.js'
 *
 *     server.offer(precompiledPrompts(prompts, precompiled(bundle)))
 *
 * @param document the module's `prompts`
 * @param templates the module's templates, at work
 * @throws InvalidPrompts when the options lack guards or completers that the prompts name
 */
export function precompiledPrompts(document: PromptDocument, templates: Renderer, options: PrecompiledOptions = {}): PrecompiledPrompts {
  checkRegistryOptions(options, PRECOMPILED_OPTIONS, 'precompiledPrompts()')
  const { prompts, promoted } = checkDocument(document)
  const made = prompts.map(definition => makePrompt(definition as PromptDefinition, undefined, options))
  const errors = made.flatMap(({ problems }) => problems).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new InvalidPrompts(errors)
  const records = made.map(({ item }) => item as PromptRecord)
  const hosts = new Hosts()
  const events = new Events(hosts)
  const renderings = new Renderings(templates, events, options)
  renderings.promoteAll(promoted, new Map(records.map((record): [string, Item] => [record.key, record])))
  const components = componentsOf(records, renderings, options, problem => {
    if (events.wants('problems.found')) events.emit('problems.found', { problems: [problem] })
    else hosts.report(new InvalidPrompts([problem]), 'pin')
  })
  return {
    name: 'prompts',
    components: () => components,
    attach(host) {
      hosts.add(host)
      return () => hosts.delete(host)
    },
    check: () => [...made.flatMap(({ problems }) => problems), ...records.flatMap(record => uncompiled(record, templates))],
    on: (event, listener) => events.on(event, listener),
    stats: name => renderings.tally.stats(name),
  }
}

/** Templates that a prompt has and the module lacks: it was written from another state of the prompts. */
function uncompiled({ variants }: PromptRecord, { ids }: Renderer): readonly PromptProblem[] {
  const missing = ids === undefined ? [] : variants.filter(({ id }) => !ids.includes(id))
  return missing.map(({ id }) => ({
    severity: 'error',
    code: 'bad-variants',
    message: 'its template is not among the compiled ones: precompile the prompts again',
    prompt: id,
  }))
}

function componentsOf(
  records: readonly PromptRecord[],
  renderings: Renderings,
  options: PrecompiledOptions,
  missed: (problem: PromptProblem) => void,
): readonly Component[] {
  const names = new Map<string, PromptRecord[]>()
  for (const record of records) names.set(record.definition.name, [...(names.get(record.definition.name) ?? []), record])
  const versions = (name: string): readonly PromptRecord[] => names.get(name) ?? []
  const pins = options.pin && new Pins(options.pin, versions, missed)
  const shared = around(options, renderings)
  return records.map(record => componentOf(record, versions(record.definition.name).length > 1 ? pins?.guard(record) : undefined, shared))
}
