/** `oarlock/http/client` is all of `@oarlock/http/client`. */

export * from '@oarlock/http/client'
