/** What the house keeps to itself, and who may come in where it is guarded. */

/** Who may use the guarded doors. */
export const TOKENS = { alice: 'token-of-alice', bob: 'token-of-bob' } as const

/** What nobody outside may ever see: in the environment of the house, in what its handlers throw, and the secret that seals its states. */
export const SECRETS = ['planted-in-the-environment-4711', 'planted-in-an-error-0815', 'planted-in-the-key-ring-0123456789abcdef'] as const
