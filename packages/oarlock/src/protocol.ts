/** `oarlock/protocol` is all of `@oarlock/protocol`. */

export * from '@oarlock/protocol'
