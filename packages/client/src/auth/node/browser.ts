/** Opens a page in the person's browser, without giving anybody else's text to a shell (THREATS 12, T17; CVE-2025-6514). */

import { spawn } from 'node:child_process'
import { AuthorizationFailed } from '../error.ts'

/** Programs that open what they are given as one argument, by platform. None of them is a shell. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/**
 * Opens an address in the default browser. Resolves when the program that does so has started; rejects when there is none.
 * @param opener the program and its first arguments, in place of the platform's
 * @throws AuthorizationFailed for anything but http and https
 */
export async function openBrowser(
  address: string | URL,
  opener: readonly [string, ...string[]] = OPENERS[process.platform] ?? ['xdg-open'],
): Promise<void> {
  const page = pageOf(address)
  const [program, ...args] = opener
  const child = spawn(program, [...args, page], { shell: false, stdio: 'ignore', detached: true, windowsHide: true })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  child.unref()
}

// As parsed and written again: no quotes, blanks, or line breaks are left in it, and its first character is that of its scheme.
function pageOf(address: string | URL): string {
  const url = URL.canParse(String(address)) ? new URL(address) : undefined
  if (url === undefined || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new AuthorizationFailed('address', 'Only http and https pages are opened in a browser')
  }
  const page = url.href.replace(/['"`$|<>^\\(){};!]/g, sign => `%${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)
  if (page.startsWith('-') || /[\s\p{Cc}]/u.test(page))
    throw new AuthorizationFailed('address', 'This address cannot be given to a browser')
  return page
}
