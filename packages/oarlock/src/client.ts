/** `oarlock/client` is all of `@oarlock/client`. */

export * from '@oarlock/client'
