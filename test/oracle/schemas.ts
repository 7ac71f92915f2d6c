/** The official schemas of the five revisions, as the tests compare with them. They live in the testing package, for everybody's tests. */

export { officialMessages, officialMethods, officialSchema, type JsonSchema } from '@oarlock/testing/frames'
