/** Pages that a server wants the user to visit: what must be shown before, and that nothing is opened without a yes (C-EL-07 to C-EL-10). */

import { checkOptions, type ElicitResult, type ElicitRequestURLParams, type Implementation, type OptionNames } from '@oarlock/protocol'
import type { AskContext, PageHandler } from './handlers.ts'

/** What the user decides about. */
export interface PageQuestion {
  /** The whole address, as it will be opened. To be shown in full, and not as a link. */
  readonly url: string
  /** The part that says whom one visits. To be highlighted. */
  readonly host: string
  /** Reasons to look twice: letters that look like others, an address that is not encrypted, a name before an @. */
  readonly warnings: readonly string[]
  /** Why, in the server's words. Links in it are not to be clickable. */
  readonly message: string
  readonly server: Implementation | undefined
  readonly signal: AbortSignal
}

/** How to ask, and how to open. */
export interface PageOptions {
  /** Says yes, no, or not now. */
  readonly confirm: (question: PageQuestion) => boolean | 'cancel' | Promise<boolean | 'cancel'>
  /**
   * Opens the address where neither this program nor the model can look into it: a browser, started without a shell. Nothing is fetched before.
   */
  readonly open: (url: string) => unknown
}

const PAGE_OPTIONS: OptionNames<PageOptions> = { confirm: true, open: true }

/** A handler for `elicit.url` that opens nothing without consent. */
export function pageWithConsent(options: PageOptions): PageHandler {
  checkOptions(options, PAGE_OPTIONS, 'pageWithConsent()')
  const { confirm, open } = options
  return async ({ url, message }: ElicitRequestURLParams, context: AskContext): Promise<ElicitResult> => {
    const parsed = URL.canParse(url) ? new URL(url) : undefined
    if (parsed === undefined || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) return { action: 'decline' }
    const { signal, server } = context
    const said = await confirm({ url: parsed.href, host: parsed.host, warnings: warningsOf(parsed), message, server, signal })
    if (said !== true) return { action: said === 'cancel' ? 'cancel' : 'decline' }
    if (signal.aborted) return { action: 'cancel' }
    await open(parsed.href)
    return { action: 'accept' }
  }
}

function warningsOf({ hostname, protocol, username, password }: URL): readonly string[] {
  const isLocal = hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
  return [
    ...(hostname.split('.').some(label => label.startsWith('xn--')) ? [`The name ${hostname} has letters that may look like others`] : []),
    ...(protocol === 'http:' && !isLocal ? ['The connection is not encrypted'] : []),
    ...(username !== '' || password !== '' ? [`What stands before the @ is not whom you visit: that is ${hostname}`] : []),
  ]
}
