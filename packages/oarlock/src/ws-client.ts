/** `oarlock/ws/client` is all of `@oarlock/ws/client`. */

export * from '@oarlock/ws/client'
