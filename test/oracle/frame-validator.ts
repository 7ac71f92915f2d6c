/** Checks frames against the official schema of their revision: whatever our server or client sends in any test has to pass. */

export { definitionValidator, frameValidator } from '@oarlock/testing/frames'
