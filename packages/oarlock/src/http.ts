/** `oarlock/http` is all of `@oarlock/http`. */

export * from '@oarlock/http'
