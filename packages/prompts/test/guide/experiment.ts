/** The guide: an experiment, watched and ended. */
import { prompts } from '@oarlock/prompts'
import { completers, FOLDER } from './folder.ts'

const registry = prompts({ folder: FOLDER, completers })
const facts: unknown[] = []
const track = (...fact: unknown[]): void => void facts.push(fact)

// #region experiment
registry.on('prompt.exposed', ({ name, variant, subject }) => track('exposed', name, variant, subject))
registry.on('prompt.rendered', ({ name, variant, ms, tokens }) => track('rendered', name, variant, ms, tokens))
registry.on('prompt.failed', ({ name, cause }) => track('failed', name, cause))

for (const { name, version, variant, renders, errors, latency, tokens } of registry.stats('refund'))
  track('figures', name, version, variant, renders, errors, latency.p95, tokens.mean)

registry.promote('refund', 'short') // from now on for everybody
// #endregion

export { facts, registry }
