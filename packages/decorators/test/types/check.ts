/** Asks the compiler about a text that imports the packages, in one of the dialects. */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT, TSC } from '../../../../test/runner/place.ts'

export const DIALECTS = ['standard', 'experimental'] as const

/** What the compiler prints, errors and figures, with the paths cut to the file's name. */
export async function check(source: string, dialect: (typeof DIALECTS)[number]): Promise<string> {
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  const folder = mkdtempSync(join(ROOT, '.cache/check-'))
  const compilerOptions = {
    noEmit: true,
    incremental: false,
    rewriteRelativeImportExtensions: false,
    allowImportingTsExtensions: true,
    experimentalDecorators: dialect === 'experimental',
    extendedDiagnostics: true,
  }
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ extends: join(ROOT, 'tsconfig.base.json'), compilerOptions, files: ['source.ts'] }),
  )
  writeFileSync(join(folder, 'source.ts'), source)
  try {
    // Exits non-zero when there are errors, which is not an error here.
    const printed = await new Promise<string>(resolve => {
      execFile(process.execPath, [TSC, '-p', folder], { cwd: folder, maxBuffer: 1 << 24 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      )
    })
    return printed.replaceAll(folder, '')
  } finally {
    rmSync(folder, { recursive: true })
  }
}
