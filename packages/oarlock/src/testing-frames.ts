/** `oarlock/testing/frames` is all of `@oarlock/testing/frames`. */

export * from '@oarlock/testing/frames'
