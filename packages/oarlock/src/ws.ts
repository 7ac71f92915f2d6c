/** `oarlock/ws` is all of `@oarlock/ws`. */

export * from '@oarlock/ws'
