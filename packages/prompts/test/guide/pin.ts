/** The guide: callers held to a version. */
import { prompts } from '@oarlock/prompts'
import { completers, FOLDER } from './folder.ts'

// #region pin
const registry = prompts({
  folder: FOLDER,
  completers,
  pin: (name, { principal, peer }) => {
    if (name === 'review' && principal?.claims?.['plan'] === 'classic') return '1.0.0'
    if (peer.info?.name === 'old-editor') return '1.0.0'
    return undefined
  },
})
// #endregion

export { registry }
