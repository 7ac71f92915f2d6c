/** The guide: prompts compiled to a module, and served from it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Server } from 'oarlock'
import { prompts } from '@oarlock/prompts'
import { precompiled, precompiledPrompts } from '@oarlock/prompts/runtime'
import { completers, FOLDER } from './folder.ts'

const place = mkdtempSync(join(tmpdir(), 'oarlock-guide-'))
const BUNDLE = join(place, 'prompts.bundle.mjs')

// #region precompile
writeFileSync(BUNDLE, prompts({ folder: FOLDER, completers }).precompile())
// #endregion

const { default: bundle, prompts: document } = (await import(pathToFileURL(BUNDLE).href)) as never as Record<'default' | 'prompts', never>
rmSync(place, { recursive: true })
const server = new Server({ name: 'guide', version: '1.0.0', log: false })

// #region precompiled
server.offer(precompiledPrompts(document, precompiled(bundle), { completers }))
// #endregion

export { server }
