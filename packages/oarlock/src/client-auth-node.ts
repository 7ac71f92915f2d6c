/** `oarlock/client/auth/node` is all of `@oarlock/client/auth/node`. */

export * from '@oarlock/client/auth/node'
