/** `oarlock/decorators` is all of `@oarlock/decorators`. */

export * from '@oarlock/decorators'
