/** The door of @oarlock/testing/frames: the official schemas of the five revisions, and what they say about a message. */

export { definitionValidator } from './frames/definitions.ts'
export { frameValidator, frameValidators, type FrameContext, type FrameValidator } from './frames/frame-validator.ts'
export { officialMessages, officialMethods, officialSchema, type JsonSchema, type OfficialSchema } from './frames/official.ts'
