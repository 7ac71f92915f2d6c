/** `oarlock/stdio/client` is all of `@oarlock/stdio/client`. */

export * from '@oarlock/stdio/client'
