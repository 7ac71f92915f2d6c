/** `oarlock/kernel` is all of `@oarlock/kernel`. */

export * from '@oarlock/kernel'
