/** Checks frames against the official schema of their revision: whatever our server or client sends in any test has to pass. */

export { definitionValidator, frameValidator, frameValidators, type FrameContext, type FrameValidator } from '@oarlock/testing/frames'
