/** `oarlock/stdio` is all of `@oarlock/stdio`. */

export * from '@oarlock/stdio'
