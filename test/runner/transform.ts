/** Turns one TypeScript file into JavaScript, in the decorator dialect that its place in the tree asks for. */
import { transformSync } from 'oxc-transform'
import { compileStandard } from './standard.ts'

const COMMENT = /\/\*[^]*?\*\/|(?<=^|\s)\/\/.*/g
const DECORATOR = /(?<=^|[\s{};(])@[A-Za-z_$]/

/**
 * Files in a folder named `experimental` get experimental decorators with their metadata. Anywhere else a decorator is a standard one,
 * which oxc leaves as it stands and Node cannot run: those files go through tsc.
 */
export function toJavaScript(file: string, source: string): string {
  const experimental = file.includes('/experimental/')
  if (!experimental && DECORATOR.test(source.replace(COMMENT, ''))) return compileStandard(file, source)
  const { code, map, errors } = transformSync(file, source, {
    lang: 'ts',
    sourceType: 'module',
    sourcemap: true,
    typescript: { onlyRemoveTypeImports: true },
    ...(experimental ? { decorator: { legacy: true, emitDecoratorMetadata: true } } : {}),
  })
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors.map(error => error.codeframe ?? error.message).join('\n')}`)
  return map === undefined ? code : withMap(code, map)
}

function withMap(code: string, map: object): string {
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}\n`
}
