/** `oarlock/client/auth` is all of `@oarlock/client/auth`. */

export * from '@oarlock/client/auth'
