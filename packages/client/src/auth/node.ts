/** The door of @oarlock/client/auth/node: what needs files, sockets or a browser of this machine. */

export { openBrowser } from './node/browser.ts'
export { fileTokenStore } from './node/file-store.ts'
export { guardedFetch, type GuardedFetchOptions } from './node/guarded-fetch.ts'
export { loopbackRedirect, type LoopbackRedirectOptions } from './node/loopback.ts'
