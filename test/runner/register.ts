/** Teaches this process to load TypeScript: `node -C @oarlock/source --import ./test/runner/register.ts FILE.ts`. */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'
import { toJavaScript } from './transform.ts'

const wrapped = new URL('./uvu.ts', import.meta.url).href

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === 'uvu' && context.parentURL !== wrapped) return next(wrapped, context)
    // The compiled output of experimental decorators imports this, wherever the file stands.
    if (specifier.startsWith('@oxc-project/runtime/')) return next(specifier, { ...context, parentURL: import.meta.url })
    return next(specifier, context)
  },
  load(url, context, next) {
    if (!url.startsWith('file:') || !/\.ts($|\?)/.test(url)) return next(url, context)
    const file = fileURLToPath(url)
    return { format: 'module', shortCircuit: true, source: toJavaScript(file, readFileSync(file, 'utf8')) }
  },
})
