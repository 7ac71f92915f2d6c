/** `oarlock/testing` is all of `@oarlock/testing`. */

export * from '@oarlock/testing'
